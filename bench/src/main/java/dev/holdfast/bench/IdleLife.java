package dev.holdfast.bench;

import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process whose runs all wait for a signal, which it then sends to some of them. */
final class IdleLife {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration WAKE_MAX = Duration.ofSeconds(30);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);
  private static final int AT_ONCE = 256;
  private static final int COLLECTIONS = 4;

  private final Path file;
  private final Holdfast holdfast;
  private final RawWriter raw;
  private final BlockingQueue<Long> woken = new LinkedBlockingQueue<>();
  private final Workflow<Integer, Integer> workflow =
      Workflow.of("idle", Integer.class, Integer.class)
          .body((run, number) -> {
            Optional<Integer> told = run.awaitSignal("go", Integer.class, Duration.ofDays(30));
            woken.add(System.nanoTime());
            return told.orElse(-1);
          });

  private long heapBefore;
  private int started;
  private int awake;

  private IdleLife(Path file, Holdfast holdfast, RawWriter raw) {
    this.file = file;
    this.holdfast = holdfast;
    this.raw = raw;
    holdfast.register(workflow);
  }

  /**
   * A life of such runs.
   *
   * @param arguments the store's file and the file of a bare writer
   */
  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]);
    try (Holdfast holdfast = Holdfast.open(file);
        RawWriter raw = new RawWriter(Path.of(arguments[1]))) {
      var life = new IdleLife(file, holdfast, raw);
      LifeOrders.serve(life::obey);
    }
    LifeOrders.answer("ended=1");
  }

  private String obey(String order, int number) throws Exception {
    return switch (order) {
      case "warm" -> {
        start(number);
        woken(number);
        heapBefore = heapBytes();
        yield "heap=" + heapBefore;
      }
      case "wait" -> {
        start(number);
        yield "heap_each=" + (heapBytes() - heapBefore) / (double) number;
      }
      case "wake" -> woken(number);
      default -> throw new IllegalArgumentException("No such order: " + order);
    };
  }

  private static String idOf(int run) {
    return "idle-" + run;
  }

  private void start(int count) throws Exception {
    int from = started;
    PeerClients.all(count, AT_ONCE, run -> holdfast.start(workflow, idOf(from + run), from + run));
    started += count;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!allWait()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("Not all runs wait within " + PATIENCE);
      }
      Thread.sleep(LOOK_EVERY);
    }
  }

  private boolean allWait() {
    if (holdfast.engine().activity().executing() > 0) {
      return false;
    }
    try (JournalReader reader = Holdfast.reader(file)) {
      return reader.runs(Set.of(Status.READY, Status.EXECUTING), 0, 1).isEmpty();
    }
  }

  /** What is reachable, after several collections: the first ones may leave soft garbage. */
  private static long heapBytes() throws InterruptedException {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      Thread.sleep(LOOK_EVERY);
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private String woken(int count) throws Exception {
    var wakes = new Samples();
    var commits = new Samples();
    for (int i = 0; i < count; i++) {
      wakes.add(wake(awake++));
      commits.add(raw.commitMillis());
    }
    return "wake_p50=%s wake_p99=%s raw_p99=%s"
        .formatted(wakes.quantile(0.5), wakes.quantile(0.99), commits.quantile(0.99));
  }

  /** From the call that sends the signal until the run goes on behind it, in milliseconds. */
  private double wake(int run) throws Exception {
    long began = System.nanoTime();
    holdfast.signal(idOf(run), "go", "once", run, "bench");
    Long at = woken.poll(WAKE_MAX.toSeconds(), TimeUnit.SECONDS);
    if (at == null) {
      throw new IllegalStateException("Run %s did not wake.".formatted(idOf(run)));
    }
    return (at - began) / 1e6;
  }
}

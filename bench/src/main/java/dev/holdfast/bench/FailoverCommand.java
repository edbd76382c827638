package dev.holdfast.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Two workers whose database fails over to its synchronous standby while they work. */
@Command(
    name = "failover",
    mixinStandardHelpOptions = true,
    description =
        "Two workers under load; their PostgreSQL is killed and its synchronous standby takes over."
            + " Needs PostgreSQL's programs on this machine.")
final class FailoverCommand implements Callable<Integer> {
  private static final int EFFECTS = 5;
  private static final int AT_ONCE = 64;
  private static final int CONNECTIONS = 16;
  private static final Duration KILLED_FOR = Duration.ofSeconds(2);
  private static final Duration RUN_MAX = Duration.ofMinutes(5);
  private static final Duration AGAIN_AFTER = Duration.ofMillis(200);

  private final Shell shell;
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Map<String, String> results = new ConcurrentHashMap<>();
  private final AtomicLong lastEnd = new AtomicLong(System.nanoTime());
  private final AtomicLong longestGap = new AtomicLong();

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "how many runs, 100 to 100000; default ${DEFAULT-VALUE}")
  private int runs = 3_000;

  FailoverCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    if (runs < 100 || runs > 100_000) {
      throw new IllegalArgumentException("--runs must be 100 to 100000, is %d.".formatted(runs));
    }
    try (Scratch scratch = Scratch.create();
        StandbyPair pair = StandbyPair.start(scratch.folder())) {
      shell.say("PostgreSQL %s, a primary and its synchronous standby".formatted(pair.version()));
      Path ledger = scratch.folder().resolve("ledger");
      try (var outside = new PeerLedger(ledger)) {
        play(pair, outside);
      }
      return report(PeerLedger.read(ledger));
    }
  }

  private void play(StandbyPair pair, PeerLedger outside) throws Exception {
    Workflow<String, String> workflow = workflow(outside);
    try (HikariDataSource one = pool(pair);
        HikariDataSource two = pool(pair);
        Holdfast first = Holdfast.connect(one);
        Holdfast second = Holdfast.connect(two)) {
      first.register(workflow);
      second.register(workflow);
      load(pair, workflow, List.of(first, second));
      results.forEach((id, result) -> requireKept(first, id, result));
    }
  }

  private static HikariDataSource pool(StandbyPair pair) {
    var pool = new HikariDataSource();
    pool.setJdbcUrl(pair.url());
    pool.setMaximumPoolSize(CONNECTIONS);
    pool.setConnectionTimeout(Duration.ofSeconds(5).toMillis());
    return pool;
  }

  private static Workflow<String, String> workflow(PeerLedger outside) {
    return Workflow.of("paying", String.class, String.class)
        .body((run, id) -> {
          var paid = new StringBuilder();
          for (int i = 0; i < EFFECTS; i++) {
            paid.append(run.effect("pay", id, paying(outside)));
          }
          return paid.toString();
        });
  }

  private static Effect<String, String> paying(PeerLedger outside) {
    return Effect.keyed(
        String.class,
        (key, id) -> {
          outside.payOnce(id, key.text());
          return key.text().substring(0, 4);
        });
  }

  private void load(StandbyPair pair, Workflow<String, String> workflow, List<Holdfast> workers)
      throws Exception {
    var gate = new Semaphore(AT_ONCE);
    List<Future<?>> calls = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
        Progress progress = shell.progress("Runs", runs)) {
      for (int i = 0; i < runs; i++) {
        gate.acquire();
        if (i == runs / 3) {
          failOver(pair);
        }
        String id = "run-" + i;
        Holdfast worker = workers.get(i % workers.size());
        calls.add(
            callers.submit(() -> {
              try {
                completed(worker, workflow, id);
                progress.step();
              } finally {
                gate.release();
              }
              return id;
            }));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    }
  }

  private void failOver(StandbyPair pair) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    pair.killPrimary();
    Thread.sleep(KILLED_FOR);
    pair.promoteStandby();
    shell.say(
        "killed the primary, promoted the standby after %,d ms"
            .formatted(Duration.ofNanos(System.nanoTime() - begun).toMillis()));
  }

  /** A caller as it should be: where the store is away it asks again, under the same id. */
  private void completed(Holdfast worker, Workflow<String, String> workflow, String id)
      throws InterruptedException {
    long until = System.nanoTime() + RUN_MAX.toNanos();
    while (System.nanoTime() - until < 0) {
      try {
        var handle = worker.start(workflow, id, id);
        acknowledged.add(id);
        results.put(id, handle.run(RUN_MAX));
        noteEnd();
        return;
      } catch (StoreFailed | RunException.RunNotEnded away) {
        Thread.sleep(AGAIN_AFTER);
      }
    }
    throw new IllegalStateException("Run %s did not complete within %s.".formatted(id, RUN_MAX));
  }

  private void noteEnd() {
    long now = System.nanoTime();
    long gap = now - lastEnd.getAndSet(now);
    longestGap.accumulateAndGet(gap, Math::max);
  }

  /** A result that somebody was told must be what the store says from then on. */
  private void requireKept(Holdfast worker, String id, String result) {
    Outcome<String> outcome = worker.find(id, String.class).outcome();
    if (!outcome.equals(new Outcome.Completed<>(result))) {
      results.remove(id);
    }
  }

  private int report(List<PeerLedger.Line> lines) {
    Map<String, Long> paid =
        lines.stream().collect(Collectors.groupingBy(PeerLedger.Line::run, Collectors.counting()));
    long twice = paid.values().stream().mapToLong(count -> Math.max(0, count - EFFECTS)).sum();
    long missing =
        acknowledged.stream()
            .mapToLong(id -> Math.max(0, EFFECTS - paid.getOrDefault(id, 0L)))
            .sum();
    long lost = acknowledged.stream().filter(id -> !results.containsKey(id)).count();
    shell
        .out()
        .println(
            new Figures()
                .put("runs", runs)
                .put("acknowledged", acknowledged.size())
                .put("lost", lost)
                .put("effects_twice", twice)
                .put("effects_lost", missing)
                .put("longest_gap_ms", Duration.ofNanos(longestGap.get()).toMillis())
                .json());
    return lost + twice + missing == 0 ? 0 : Main.EXIT_LAW_BROKEN;
  }
}

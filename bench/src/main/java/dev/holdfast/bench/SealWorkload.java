package dev.holdfast.bench;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Runs of a store that took many turns, sealed or not, and then wait for a signal. */
final class SealWorkload {
  private static final String SIGNAL = "go";
  private static final Duration WAIT_MAX = Duration.ofDays(1);
  private static final Duration LOOK_EVERY = Duration.ofMillis(2);
  private static final Duration RUN_MAX = Duration.ofMinutes(5);

  /** One run that is to wait after its turns. */
  record Waiting(String run, int turns, boolean isSealed) {}

  private final Path file;
  private final Map<String, CompletableFuture<Long>> resumed = new ConcurrentHashMap<>();
  private final Effect<Integer, String> look = Effect.idempotent(String.class, StepsWorkload::turn);
  private final Effect<String, Long> next = Effect.read(Long.class, this::resume);
  private final Workflow<Integer, Integer> sealed =
      Workflow.of("sealed", Integer.class, Integer.class).body(this::sealed);
  private final Workflow<Integer, Integer> plain =
      Workflow.of("plain", Integer.class, Integer.class).body(this::plain);

  SealWorkload(Path file) {
    this.file = file;
  }

  private int sealed(Run run, int turns) {
    return run.turns(
        "looks",
        Integer.class,
        0,
        (turn, number) -> {
          if (number == turns) {
            await(turn, run.id().text());
            return Run.Turn.done(number);
          }
          turn.effect("look", number, look);
          return Run.Turn.next(number + 1);
        });
  }

  private int plain(Run run, int turns) {
    for (int number = 0; number < turns; number++) {
      run.effect("look", number, look);
    }
    await(run, run.id().text());
    return turns;
  }

  private void await(Run place, String run) {
    place.awaitSignal(SIGNAL, Integer.class, WAIT_MAX);
    place.effect("next", run, next);
  }

  private long resume(String run) {
    long now = System.nanoTime();
    resumed.computeIfAbsent(run, any -> new CompletableFuture<>()).complete(now);
    return now;
  }

  /** Plays all of them until they wait, one after the other. */
  void fill(List<Waiting> runs, Runnable onRun) throws Exception {
    try (Holdfast holdfast = Holdfast.open(file)) {
      holdfast.register(sealed, plain);
      for (Waiting run : runs) {
        awaitParked(holdfast.start(run.isSealed() ? sealed : plain, run.run(), run.turns()));
        onRun.run();
      }
    }
  }

  private static void awaitParked(Handle<Integer> run) throws InterruptedException {
    long end = System.nanoTime() + RUN_MAX.toNanos();
    while (!isParked(run.outcome())) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(run.id() + " does not wait within " + RUN_MAX);
      }
      Thread.sleep(LOOK_EVERY);
    }
  }

  private static boolean isParked(Outcome<Integer> outcome) {
    return outcome instanceof Outcome.Waiting<Integer> waiting
        && waiting.why() == Outcome.Why.SIGNAL;
  }

  /** The store opened anew, by someone who knows nothing of its runs yet. */
  Resumer opened() {
    Holdfast holdfast = Holdfast.open(file);
    holdfast.register(sealed, plain);
    return new Resumer(holdfast);
  }

  /** Resumes them one by one. */
  final class Resumer implements AutoCloseable {
    private final Holdfast holdfast;

    private Resumer(Holdfast holdfast) {
      this.holdfast = holdfast;
    }

    /** From the sending of the run's signal until its next step executes. */
    double millisToResume(String run) throws Exception {
      CompletableFuture<Long> at = resumed.computeIfAbsent(run, any -> new CompletableFuture<>());
      long sent = System.nanoTime();
      holdfast.signal(run, SIGNAL, run, 1, "bench");
      double millis = (at.get(RUN_MAX.toSeconds(), TimeUnit.SECONDS) - sent) / 1e6;
      holdfast.find(run, Integer.class).await(RUN_MAX);
      return millis;
    }

    @Override
    public void close() {
      holdfast.close();
    }
  }
}

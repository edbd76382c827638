package dev.holdfast.bench;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One run alone on a warm store: how long a read takes until it is durable, and a cheap one until
 * it is answered. For one thread.
 *
 * <p>Reads that are not cheap follow one another without a pause. Each leaves when the one before
 * it is durable, so that the time between two departures is that from a call until it is durable.
 */
final class LoneWorkload implements FaultPoints, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Holdfast holdfast;
  private final AtomicInteger runs = new AtomicInteger();
  private final Workflow<Integer, Integer> durable;
  private final Workflow<Integer, Integer> cheap;
  private volatile long left;
  private Samples durableMillis = new Samples();
  private Samples cheapMicros = new Samples();

  LoneWorkload(Path file) {
    Settings settings = Settings.standard().faultPoints(this);
    holdfast = Holdfast.open(file, Options.standard().settings(settings));
    durable =
        Workflow.of("durable", Integer.class, Integer.class)
            .body((run, count) -> sampleDurable(run, count));
    cheap =
        Workflow.of("cheap", Integer.class, Integer.class)
            .body((run, count) -> sampleCheap(run, count));
    holdfast.register(durable, cheap);
  }

  @Override
  public void reached(Boundary boundary, RunId run, StepPath path) {
    if (boundary == Boundary.BEFORE_CALL) {
      left = System.nanoTime();
    }
  }

  /** From the call until durable, in milliseconds. */
  Samples durableMillis(int count) {
    durableMillis = new Samples();
    run(durable, count);
    return durableMillis;
  }

  /** From the call until answered, in microseconds. */
  Samples cheapMicros(int count) {
    cheapMicros = new Samples();
    run(cheap, count);
    return cheapMicros;
  }

  private void run(Workflow<Integer, Integer> workflow, int count) {
    Outcome<Integer> outcome =
        holdfast.start(workflow, "lone-" + runs.incrementAndGet(), count).await(PATIENCE);
    if (!(outcome instanceof Outcome.Completed<Integer>)) {
      throw new IllegalStateException("The lone run did not complete: " + outcome);
    }
  }

  private int sampleDurable(Run run, int count) {
    Effect<Integer, String> read = Effect.read(String.class, StepsWorkload::answer);
    run.effect(StepsWorkload.STEP, 0, read);
    for (int i = 1; i <= count; i++) {
      long before = left;
      run.effect(StepsWorkload.STEP, i, read);
      durableMillis.add((left - before) / 1e6);
    }
    return count;
  }

  private int sampleCheap(Run run, int count) {
    Effect<Integer, String> read = Effect.read(String.class, StepsWorkload::answer);
    Effect<Integer, String> quick = read.cheap();
    for (int i = 0; i < count; i++) {
      long began = System.nanoTime();
      run.effect(StepsWorkload.STEP, i, quick);
      cheapMicros.add((System.nanoTime() - began) / 1e3);
    }
    return count;
  }

  @Override
  public void close() {
    holdfast.close();
  }
}

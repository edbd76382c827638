package dev.holdfast.bench;

import dev.holdfast.journal.Payload;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.testing.InMemoryJournal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What every step pays, without a disk. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HotPaths {
  private static final int STEPS = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Effect<Integer, String> CHEAP =
      Effect.<Integer, String>read(String.class, StepsWorkload::answer).cheap();

  private static int read(Run run) {
    int characters = 0;
    for (int i = 0; i < STEPS; i++) {
      characters += run.effect(StepsWorkload.STEP, i, CHEAP).length();
    }
    return characters;
  }

  /** A value of the kind that tools are called with. */
  @State(Scope.Benchmark)
  public static class Value {
    /** The arguments of a tool call. */
    public record Request(String order, List<String> items, int count, boolean urgent) {}

    private final JsonCodec codec = JsonCodec.standard();
    private final Payload encoded =
        codec.encode(new Request("#W4711", List.of("shirt", "kettle", "lamp"), 3, true));
  }

  /** A fresh journal for each run, since what a run wrote stays there. */
  @State(Scope.Thread)
  public static class Live {
    private final Workflow<Integer, Integer> workflow =
        Workflow.of("live", Integer.class, Integer.class).body((run, seed) -> read(run));
    private Engine engine = engine(workflow);

    /** Opens the journal. */
    @Setup(Level.Invocation)
    public void open() {
      engine = engine(workflow);
    }

    /** Closes it. */
    @TearDown(Level.Invocation)
    public void close() {
      engine.close();
    }
  }

  /** A run that has recorded its steps and stops behind them each time. */
  @State(Scope.Thread)
  public static class Replayed {
    private static final String ID = "replayed";
    private final Workflow<Integer, Integer> workflow =
        Workflow.of("replayed", Integer.class, Integer.class)
            .body((run, seed) -> {
              throw run.truncate("bench", "%d characters were read".formatted(read(run)));
            });
    private final Engine engine = engine(workflow);
    private final Handle<Integer> handle = engine.start(workflow, ID, 0);

    /** Records the steps. */
    @Setup
    public void record() {
      requireTruncated(handle.await(PATIENCE));
    }

    /** Ends the engine. */
    @TearDown
    public void close() {
      engine.close();
    }
  }

  private static Engine engine(Workflow<?, ?> workflow) {
    Engine engine = Engine.over(new InMemoryJournal(), JsonCodec.standard(), Settings.standard());
    engine.register(workflow);
    return engine;
  }

  private static void requireTruncated(Outcome<Integer> outcome) {
    if (!(outcome instanceof Outcome.Truncated<Integer>)) {
      throw new IllegalStateException("The run did not stop behind its steps: " + outcome);
    }
  }

  /** A cheap read of 200 characters until the run goes on; the journal is in memory. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public int journalCheapRead(Live live) {
    return live.engine.start(live.workflow, "live", 0).run(PATIENCE);
  }

  /** A recorded read of 200 characters, from the journal to the workflow. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public Outcome<Integer> replayRecordedStep(Replayed replayed) {
    replayed.engine.client().resume(Replayed.ID, "bench", "once more");
    // An engine looks for ready runs at once when a workflow is registered, else now and then.
    replayed.engine.register(replayed.workflow);
    Outcome<Integer> outcome = replayed.handle.await(PATIENCE);
    requireTruncated(outcome);
    return outcome;
  }

  /** The canonical form of a small record, which every step's identity is computed from. */
  @Benchmark
  public String canonicalForm(Value value) {
    return value.codec.canonical(value.encoded);
  }
}

package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** There is no path from a wait or a stop that user code swallowed to a completed run. */
class SuspensionTest {
  private final Stage stage = Stage.leaping();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void aSwallowedDoubtDoesNotComplete() {
    stage.world.failAfter("pay", () -> fail("lost"));
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              try {
                return run.effect("pay", "pay", stage.world.effect(Contract.ONCE));
              } catch (Throwable swallowed) {
                return "all is well";
              }
            });
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");

    assertThat(stage.settled(handle)).isInstanceOf(Outcome.InDoubt.class);
    engine
        .client()
        .settle(
            "r",
            new StepPath("effect:pay#0"),
            new Verdict.Happened(engine.client().encode("paid")),
            "ann",
            "asked");
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("paid"));
  }

  @Test
  void aSwallowedFarRetryParksAndEveryLaterStepIsRefused() {
    stage.world.failBefore("far", () -> later(Duration.ofHours(2)));
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              String answer = swallow(() -> run.effect("far", "far", keyed()));
              swallow(() -> run.effect("later", "later", keyed()));
              swallow(() -> run.step("pure", String.class, () -> "x"));
              swallow(() -> run.scope("s", inner -> inner.effect("in", "in", keyed())));
              return answer;
            });
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");

    assertThat(stage.parked(handle)).hasSize(1);
    assertThat(stage.world.calls("later")).isZero();
    assertThat(stage.world.calls("in")).isZero();
    assertThat(stage.entries("r", Entry.RunParked.class)).hasSize(1);

    assertThat(stage.driven(handle)).isEqualTo(new Outcome.Completed<>("answer to far"));
    assertThat(stage.world.happened("far")).isEqualTo(1);
    assertThat(stage.world.happened("later")).isEqualTo(1);
  }

  @Test
  void anExceptionThrownInPlaceOfASuspensionDoesNotQuarantine() {
    stage.world.failBefore("far", () -> later(Duration.ofHours(2)));
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .failsOn(IllegalStateException.class)
            .body((run, input) -> {
              try {
                return run.effect("far", "far", keyed());
              } catch (Error wrapped) {
                throw new IllegalStateException("wrapped", wrapped);
              }
            });
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.driven(handle)).isEqualTo(new Outcome.Completed<>("answer to far"));
  }

  @Test
  void aSwallowedTruncationDoesNotComplete() {
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              swallow(() -> {
                throw run.truncate("tokens", "10 used > 9 allowed");
              });
              return "all is well";
            });
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.settled(handle))
        .isEqualTo(new Outcome.Truncated<>("tokens", "10 used > 9 allowed"));
  }

  @Test
  void aScopeThatSwallowsAWaitLetsNobodyGoOn() {
    var seen = Collections.synchronizedList(new ArrayList<String>());
    stage.world.failBefore("far", () -> later(Duration.ofHours(2)));
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              String first =
                  run.scope("s", inner -> swallow(() -> inner.effect("far", "far", keyed())));
              seen.add(first);
              run.effect("later", "later", keyed());
              return first;
            });
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.parked(handle)).hasSize(1);
    assertThat(stage.world.calls("later")).isZero();
    assertThat(stage.driven(handle)).isEqualTo(new Outcome.Completed<>("answer to far"));
    assertThat(seen).as("what was swallowed leaves no scope").containsExactly("answer to far");
  }

  @Test
  void onlyTheBranchThatWaitsUnwinds() {
    stage.world.failBefore("far", () -> later(Duration.ofHours(2)));
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) ->
                String.join(
                    ", ",
                    run.parallel(
                        "both",
                        List.of(
                            branch("waits", b -> b.effect("far", "far", keyed())),
                            branch(
                                "goes-on",
                                b -> {
                                  b.effect("one", "one", keyed());
                                  return b.effect("two", "two", keyed());
                                })))));
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.parked(handle)).hasSize(1);
    assertThat(stage.world.happened("two")).isEqualTo(1);
    assertThat(stage.entries("r", Entry.RunParked.class)).hasSize(1);
    assertThat(stage.driven(handle))
        .isEqualTo(new Outcome.Completed<>("answer to far, answer to two"));
    assertThat(stage.world.calls("one")).isEqualTo(1);
  }

  @Test
  void anInterruptThatUserCodeLeftSetIsNoCrash() {
    stage.world.failBefore("two", () -> Thread.sleep(50));
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              run.effect("one", "one", keyed());
              Thread.currentThread().interrupt();
              String answer = run.effect("two", "two", keyed());
              Thread.currentThread().interrupt();
              return answer;
            });
    stage.commitDelay(Duration.ofMillis(1));
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to two"));
    assertThat(stage.world.calls("two")).isEqualTo(1);
  }

  @Test
  void anInterruptFromUserCodeElsewhereIsNoCrashEither() {
    var runs = new AtomicReference<Thread>();
    stage.world.failBefore("two", () -> runs.get().interrupt());
    stage.world.failAfter("two", () -> Thread.sleep(50));
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              runs.set(Thread.currentThread());
              return run.effect("two", "two", stage.world.effect(Contract.ONCE));
            });
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to two"));
    assertThat(stage.world.calls("two")).isEqualTo(1);
  }

  private Effect<String, String> keyed() {
    return stage.world.effect(Contract.KEYED);
  }

  private static Run.Branch<String> branch(String label, Function<Run, String> body) {
    return new Run.Branch<>(label, body);
  }

  private static String swallow(Supplier<String> work) {
    try {
      return work.get();
    } catch (Throwable swallowed) {
      return "swallowed";
    }
  }

  private static void fail(String message) {
    throw KnownFailure.unknown("lost", message);
  }

  private static void later(Duration duration) {
    throw KnownFailure.tryLater("429", "busy", Optional.of(duration));
  }
}

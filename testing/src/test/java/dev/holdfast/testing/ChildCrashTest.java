package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.FaultPoints;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run with children and a race, crashed at every boundary. */
class ChildCrashTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private static final class Order implements CrashHarness.Scenario {
    private static final Admission QUEUED = Admission.throughQueue("q");
    private final Stage stage = Stage.leaping();
    private final Workflow<String, String> packing =
        Workflow.of("packing", String.class, String.class)
            .body((run, item) -> {
              run.sleep("dry", HOUR);
              return pay(run, item);
            });
    private final Workflow<String, String> endless =
        Workflow.of("endless", String.class, String.class)
            .body((run, item) -> {
              run.sleep("for-ever", HOUR.multipliedBy(1_000));
              return pay(run, "never");
            });
    private final Workflow<String, String> order =
        Workflow.of("order", String.class, String.class).body((run, input) -> play(run));

    private String pay(Run run, String fact) {
      return run.effect(fact, fact, stage.world.effect(Contract.KEYED));
    }

    private String play(Run run) {
      List<String> packed =
          run.parallel(
              "all",
              List.of(
                  new Run.Branch<>("a", b -> b.child("pack", packing, "1", QUEUED)),
                  new Run.Branch<>("b", b -> b.child("pack", packing, "2", QUEUED))));
      String first =
          run.race(
              "first",
              List.of(
                  new Run.Branch<>("late", b -> b.child("endless", endless, "x")),
                  new Run.Branch<>(
                      "limit",
                      b -> {
                        b.sleep("limit", HOUR);
                        return pay(b, "limit");
                      })));
      return packed + first + pay(run, "end");
    }

    @Override
    public Engine open(FaultPoints faultPoints) {
      Engine engine = stage.open(faultPoints);
      engine.register(Queue.of("q").concurrencyMax(1).waitingMax(1));
      engine.register(order, packing, endless);
      return engine;
    }

    @Override
    public void drive(Engine engine) {
      Handle<String> handle = engine.start(order, "r", "in", QUEUED);
      for (int looked = 0;
          looked < 2_000 && !handle.await(Duration.ofMillis(2)).isEnded();
          looked++) {
        for (String id : List.of("r", child("a"), child("b"))) {
          if (stage.journal().find(new dev.holdfast.journal.RunId(id)).isPresent()
              && engine.find(id, String.class).outcome() instanceof Outcome.Waiting<?> waiting) {
            stage.advanceTo(waiting);
          }
        }
      }
      assertThat(stage.settled(handle))
          .isEqualTo(
              new Outcome.Completed<>("[answer to 1, answer to 2]answer to limitanswer to end"));
      assertThat(
              stage.settled(
                  engine.find("r/race:first#0/branch:late/child:endless#0", String.class)))
          .isInstanceOf(Outcome.Cancelled.class);
    }

    private static String child(String branch) {
      return "r/par:all#0/branch:" + branch + "/child:pack#0";
    }

    @Override
    public void check() {
      for (String fact : List.of("1", "2", "limit", "end")) {
        assertThat(stage.world.happened(fact)).as(fact).isEqualTo(1);
      }
      assertThat(stage.world.calls("never")).isZero();
    }

    @Override
    public void close() {
      stage.close();
    }
  }

  @Test
  void everyBoundary() {
    List<CrashHarness.Crash> struck =
        CrashHarness.within(Duration.ofSeconds(20)).crashEverywhere(Order::new);

    assertThat(struck).extracting(crash -> crash.path().kind()).contains("child", "effect");
    assertThat(struck).hasSizeGreaterThan(40);
  }
}

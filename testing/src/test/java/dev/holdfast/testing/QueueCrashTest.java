package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.FaultPoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A queue keeps to its bounds, and a start that is the same start is one run, whatever crashes. */
class QueueCrashTest {
  private static final List<String> ORDERS = List.of("o1", "o2", "o3");

  private static final class Counter implements CrashHarness.Scenario {
    private final Stage stage = Stage.leaping();
    private final Gate gate = new Gate();
    private final Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, order) -> gate.within(() -> sell(run, order)));

    private String sell(Run run, String order) {
      run.effect("pay", order, stage.world.effect(Contract.KEYED));
      run.sleep("long", Duration.ofHours(1));
      return run.effect("ship", order + " ship", stage.world.effect(Contract.KEYED));
    }

    @Override
    public Engine open(FaultPoints faultPoints) {
      Engine engine = stage.open(faultPoints, workflow);
      engine.register(Queue.of("q").waitingMax(3));
      return engine;
    }

    @Override
    public void drive(Engine engine) {
      var handles = new ArrayList<Handle<String>>();
      for (int attempt = 1; attempt <= 2; attempt++) {
        for (String order : ORDERS) {
          var once = Admission.throughQueue("q").deduplicated(order);
          handles.add(engine.start(workflow, order + "-try-" + attempt, order, once));
        }
      }
      assertThat(handles.stream().map(handle -> handle.id().text()).distinct())
          .containsExactly("o1-try-1", "o2-try-1", "o3-try-1");
      for (Handle<String> handle : handles) {
        assertThat(stage.driven(handle)).isInstanceOf(Outcome.Completed.class);
      }
      assertThat(stage.journal().find(new RunId("o1-try-2"))).isEmpty();
    }

    @Override
    public void check() {
      assertThat(gate.most()).as("bodies at the same time").isEqualTo(1);
      for (String order : ORDERS) {
        assertThat(stage.world.happened(order)).as(order).isEqualTo(1);
        assertThat(stage.world.happened(order + " ship")).as(order).isEqualTo(1);
      }
    }

    @Override
    public void close() {
      stage.close();
    }
  }

  @Test
  void everyBoundary() {
    List<CrashHarness.Crash> struck =
        CrashHarness.within(Duration.ofSeconds(20)).crashEverywhere(Counter::new);

    assertThat(struck).hasSizeGreaterThan(20);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void crashesInTheMiddleOfManyRunsLeaveTheBoundAlone(long seed) throws Exception {
    var chance = new Random(seed);
    var gate = new Gate();
    try (var stage = Stage.leaping()) {
      var workflow =
          Workflow.of("w", String.class, String.class)
              .body((run, order) ->
                  gate.within(() -> run.effect("pay", order, stage.world.effect(Contract.KEYED))));
      for (int crash = 0; crash < 5; crash++) {
        Engine engine = stage.open(workflow);
        engine.register(Queue.of("q").concurrencyMax(4).concurrencyMaxPerWorker(3));
        for (int i = 0; i < 40; i++) {
          engine.start(workflow, "r-" + i, "order " + i, Admission.throughQueue("q"));
        }
        Thread.sleep(chance.nextInt(8));
        engine.crash();
      }
      Engine engine = stage.open(workflow);
      for (int i = 0; i < 40; i++) {
        assertThat(stage.settled(engine.find("r-" + i, String.class)))
            .isInstanceOf(Outcome.Completed.class);
        assertThat(stage.world.happened("order " + i)).isEqualTo(1);
      }
    }

    assertThat(gate.most()).as("bodies at the same time, seed " + seed).isBetween(2, 3);
  }
}

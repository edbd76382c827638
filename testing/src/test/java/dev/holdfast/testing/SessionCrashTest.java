package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Payload;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of one session that hand a state on, crashed at every boundary. */
class SessionCrashTest {
  private static final List<String> MESSAGES = List.of("m1", "m2", "m3");

  private static final class Talk implements CrashHarness.Scenario {
    private final Stage stage = Stage.leaping();
    private final Gate gate = new Gate();
    private final Admission admission;
    private final Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, message) -> gate.within(() -> hear(run, message)));

    Talk(boolean queued) {
      admission = queued ? Admission.throughQueue("q").session("s") : Admission.inSession("s");
    }

    private String hear(Run run, String message) {
      String before = run.sessionState(String.class).orElse("");
      run.effect("pay", message, stage.world.effect(Contract.KEYED));
      run.handOn("never seen");
      run.sleep("short", Duration.ofMillis(1));
      run.handOn(before + message + ";");
      if (message.equals("m2")) {
        run.sleep("long", Duration.ofHours(1));
      }
      return before;
    }

    @Override
    public Engine open(FaultPoints faultPoints) {
      Engine engine = stage.open(faultPoints, workflow);
      engine.register(Queue.of("q").concurrencyMax(5));
      return engine;
    }

    @Override
    public void drive(Engine engine) {
      var handles = new ArrayList<Handle<String>>();
      for (String message : MESSAGES) {
        handles.add(engine.start(workflow, message, message, admission));
      }
      for (Handle<String> handle : handles) {
        stage.driven(handle);
      }
      assertThat(handles.stream().map(Handle::outcome))
          .containsExactly(
              new Outcome.Completed<>(""),
              new Outcome.Completed<>("m1;"),
              new Outcome.Completed<>("m1;m2;"));
      assertThat(stage.journal().sessionState("s")).contains(new Payload("\"m1;m2;m3;\""));
    }

    @Override
    public void check() {
      assertThat(gate.most()).as("bodies at the same time").isEqualTo(1);
      for (String message : MESSAGES) {
        assertThat(stage.world.happened(message)).as(message).isEqualTo(1);
      }
    }

    @Override
    public void close() {
      stage.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyBoundary(boolean queued) {
    List<CrashHarness.Crash> struck =
        CrashHarness.within(Duration.ofSeconds(20)).crashEverywhere(() -> new Talk(queued));

    assertThat(struck).hasSizeGreaterThan(30);
  }
}

package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Intent;
import dev.holdfast.kernel.Approval;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.FaultPoints;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run that waits for everything a run can wait for, crashed at every boundary. */
class WaitCrashTest {
  private static final Duration HOUR = Duration.ofHours(1);

  /** One world in which a person and a sender do their part over and over. */
  private static final class Patience implements CrashHarness.Scenario {
    private final Stage stage = Stage.leaping();
    private final Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class).body((run, input) -> play(run));

    private String play(Run run) {
      pay(run, "before");
      run.sleep("short", Duration.ofMillis(500));
      String signal = run.awaitSignal("go", String.class, HOUR).orElse("none");
      Approval approval = run.awaitApproval("ok", "pay " + signal, HOUR);
      run.sleep("long", HOUR);
      return signal + " " + approval.granted() + " " + pay(run, "after");
    }

    private String pay(Run run, String fact) {
      return run.effect(
          fact,
          fact,
          stage.world.effect(Contract.KEYED).oncePer(Intent.Scope.GLOBAL, "paid", fact));
    }

    @Override
    public Engine open(FaultPoints faultPoints) {
      return stage.open(faultPoints, workflow);
    }

    @Override
    public void drive(Engine engine) {
      Handle<String> handle = engine.start(workflow, "r", "in");
      Outcome<String> outcome = handle.outcome();
      for (int looked = 0; looked < 2_000 && !outcome.isEnded(); looked++) {
        help(engine.client());
        if (outcome instanceof Outcome.Waiting<String> w && w.why() == Outcome.Why.TIMER) {
          stage.advanceTo(w);
        }
        outcome = handle.await(Duration.ofMillis(2));
      }
      assertThat(stage.settled(handle))
          .isEqualTo(new Outcome.Completed<>("now true answer to after"));
    }

    private static void help(Client client) {
      try {
        client.signal("r", "go", "1", "now", "sender");
        for (Entry.ApprovalAsked question : client.questions("r")) {
          client.approve("r", question, true, "ann", "fine");
        }
      } catch (RunException.MessageNotAccepted late) {
        assertThat(late).hasMessageContaining("r");
      }
    }

    @Override
    public void check() {
      for (String fact : List.of("before", "after")) {
        assertThat(stage.world.happened(fact)).as(fact).isEqualTo(1);
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
        CrashHarness.within(Duration.ofSeconds(20)).crashEverywhere(Patience::new);

    assertThat(struck).hasSizeGreaterThan(30);
  }
}

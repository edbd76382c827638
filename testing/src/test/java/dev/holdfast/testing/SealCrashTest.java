package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Intent;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.FaultPoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A loop whose turns do everything that a turn can do, crashed at every boundary. */
class SealCrashTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int TURNS = 3;

  /** What the turns leave to each other. */
  record Talk(int number, List<String> heard) {
    Talk and(String more) {
      var all = new ArrayList<String>(heard);
      all.add(more);
      return new Talk(number + 1, all);
    }
  }

  /** One world in which a person and a sender do their part over and over. */
  private static final class Conversation implements CrashHarness.Scenario {
    private final Stage stage = Stage.leaping();
    private final Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class).body((run, input) -> play(run));

    private String play(Run run) {
      Talk end = run.turns("talk", Talk.class, new Talk(0, List.of()), this::turn);
      run.sleep("after", HOUR);
      pay(run, "bill");
      return String.join(" ", end.heard());
    }

    private Run.Turn<Talk> turn(Run turn, Talk talk) {
      String heard = turn.awaitSignal("say", String.class, HOUR).orElse("nothing");
      turn.parallel("both", List.of(branch("left", talk), branch("right", talk)));
      turn.effect("fact", "fact", keyed().oncePer(Intent.Scope.GLOBAL, "fact", 1));
      if (talk.number() == 1) {
        turn.effect("own", "own", keyed().oncePer(Intent.Scope.RUN, "own", 1));
        turn.awaitApproval("ok", "go on", HOUR);
      }
      turn.sleep("a-while", HOUR);
      pay(turn, "end-" + talk.number());
      Talk next = talk.and(heard);
      return next.number() < TURNS ? Run.Turn.next(next) : Run.Turn.done(next);
    }

    private Run.Branch<String> branch(String label, Talk talk) {
      return new Run.Branch<>(label, branch -> pay(branch, label + "-" + talk.number()));
    }

    private Effect<String, String> keyed() {
      return stage.world.effect(Contract.KEYED);
    }

    private String pay(Run run, String fact) {
      return run.effect("pay", fact, keyed());
    }

    @Override
    public Engine open(FaultPoints faultPoints) {
      return stage.open(faultPoints, workflow);
    }

    @Override
    public void drive(Engine engine) {
      Handle<String> handle = engine.start(workflow, "r", "in");
      Outcome<String> outcome = handle.outcome();
      for (int looked = 0; looked < 4_000 && !outcome.isEnded(); looked++) {
        help(engine.client());
        if (outcome instanceof Outcome.Waiting<String> w && w.why() == Outcome.Why.TIMER) {
          stage.advanceTo(w);
        }
        outcome = handle.await(Duration.ofMillis(2));
      }
      assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("a b c"));
      assertThat(stage.entries("r", Entry.TurnSealed.class)).hasSize(TURNS);
    }

    /** The same three messages again and again: each is heard once. */
    private static void help(Client client) {
      try {
        for (String word : List.of("a", "b", "c")) {
          client.signal("r", "say", word, word, "sender");
        }
        for (Entry.ApprovalAsked question : client.questions("r")) {
          client.approve("r", question, true, "ann", "fine");
        }
      } catch (RunException.MessageNotAccepted late) {
        assertThat(late).hasMessageContaining("r");
      }
    }

    @Override
    public void check() {
      for (String fact : List.of("left-0", "right-1", "end-0", "end-2", "fact", "own", "bill")) {
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
        CrashHarness.within(Duration.ofSeconds(20)).crashEverywhere(Conversation::new);

    assertThat(struck).hasSizeGreaterThan(80);
    assertThat(struck.stream().filter(crash -> crash.path().kind().equals("turn")))
        .as("crashes before and after a seal")
        .hasSizeGreaterThanOrEqualTo(2 * TURNS);
  }
}

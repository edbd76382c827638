package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.FaultPoints;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A rollback is crashed at every boundary, its start and its undos included. */
class RollbackCrashTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Books three things, of which the third is refused; undoes are counted outside. */
  private static final class Trip implements CrashHarness.Scenario {
    private final Stage stage = Stage.leaping();
    private final Map<String, String> results = new ConcurrentHashMap<>();
    private final Contract contract;
    private final Workflow<String, String> workflow;

    Trip(Contract contract) {
      this.contract = contract;
      this.workflow = workflow();
    }

    private Workflow<String, String> workflow() {
      var undo = new Workflow.Undo<>("cancel", String.class, String.class, contract, this::cancel);
      return Workflow.of("trip", String.class, String.class)
          .undo(undo)
          .onFailure(Workflow.OnFailure.ROLL_BACK)
          .body((run, in) -> {
            run.effect("hotel", "hotel", booked());
            run.parallel("two", List.of(branch("car"), branch("guide")));
            run.effect("flight", "flight", booked().oncePer(Intent.Scope.GLOBAL, "flight", "17"));
            return run.effect("seat", "seat", refused());
          });
    }

    private Effect<String, String> booked() {
      return stage.world.effect(Contract.KEYED).undo("cancel");
    }

    private static Effect<String, String> refused() {
      return Effect.<String, String>keyed(
              String.class,
              (key, seat) -> {
                throw new KnownFailure(new Failure.Rejected("sold-out", "no seats"));
              })
          .undo("cancel");
    }

    private Run.Branch<String> branch(String label) {
      return new Run.Branch<>(label, run -> run.effect(label, label, booked()));
    }

    private void cancel(IdempotencyKey key, String booking, Optional<String> result)
        throws Exception {
      results.put(booking, result.orElse("?"));
      if (contract == Contract.ONCE) {
        stage.world.act(key, "undo " + booking);
      } else {
        stage.world.remember(key, "undo " + booking);
      }
    }

    @Override
    public Engine open(FaultPoints faultPoints) {
      return stage.open(faultPoints, workflow);
    }

    @Override
    public void drive(Engine engine) {
      Handle<String> handle = engine.start(workflow, "r", "in");
      for (int asked = 0; asked < 20; asked++) {
        Outcome<String> outcome = stage.driven(handle);
        if (!(outcome instanceof Outcome.InDoubt<String> doubt)) {
          return;
        }
        doubt.effects().forEach(each -> settle(engine, each));
      }
    }

    /** Somebody looks at the world and says what became of it. */
    private void settle(Engine engine, Outcome.Doubt doubt) {
      String fact = "undo " + doubt.path().parent().name();
      Verdict verdict =
          stage.world.happened(fact) > 0
              ? new Verdict.Happened(engine.client().encode(""))
              : new Verdict.DidNotHappen();
      engine.client().settle("r", doubt.path(), verdict, "ann", "looked");
      Handle<String> handle = engine.find("r", String.class);
      assertThat(handle.await(PATIENCE)).isNotNull();
    }

    @Override
    public void check() {
      stage.remains("r");
      for (String booking : List.of("hotel", "car", "guide", "flight")) {
        assertThat(stage.world.happened(booking)).as(booking).isEqualTo(1);
        assertThat(stage.world.happened("undo " + booking)).as(booking).isEqualTo(1);
        assertThat(results).containsEntry(booking, World.answer(booking));
      }
      assertThat(stage.entries("r", Entry.RunCompensated.class)).hasSize(1);
      assertThat(stage.entries("r", Entry.RollbackStarted.class)).hasSize(1);
      assertThat(stage.journal().fact("flight[\"17\"]").orElseThrow().state().name())
          .isEqualTo("FREE");
      Laws.check(stage.history("r"));
    }

    @Override
    public void close() {
      stage.close();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Contract.class,
      names = {"KEYED", "ONCE"})
  void everythingIsUndoneOnceWhereverItIsCrashed(Contract contract) {
    List<CrashHarness.Crash> struck =
        CrashHarness.within(PATIENCE).crashEverywhere(() -> new Trip(contract));
    assertThat(struck).extracting(crash -> crash.path().kind()).contains("undo", "effect");
  }
}

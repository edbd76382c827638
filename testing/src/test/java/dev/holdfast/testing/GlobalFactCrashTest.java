package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.FaultPoints;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two runs that want the same fact, crashed at every boundary of both: it happens once. */
class GlobalFactCrashTest {
  private static final String AMOUNT = "10 EUR";
  private static final String ANSWER = "answer to " + AMOUNT;
  private static final StepPath PAY = StepPath.ROOT.child("effect", "pay", 0);

  /** One world; a person looks there and settles what nobody knows. */
  private static final class Race implements CrashHarness.Scenario {
    private final Stage stage = Stage.leaping();
    private final Contract contract;
    private final Workflow<String, String> workflow =
        Workflow.of("payment", String.class, String.class).body(this::pay);

    Race(Contract contract) {
      this.contract = contract;
    }

    private String pay(Run run, String amount) {
      try {
        return run.effect(
            "pay", amount, stage.world.effect(contract).oncePer(Intent.Scope.GLOBAL, "refund", 17));
      } catch (EffectFailed failed) {
        return failed.failure().code();
      }
    }

    @Override
    public Engine open(FaultPoints faultPoints) {
      return stage.open(faultPoints, workflow);
    }

    @Override
    public void drive(Engine engine) {
      Handle<String> first = engine.start(workflow, "a", AMOUNT);
      Handle<String> second = engine.start(workflow, "b", AMOUNT);
      List<Handle<String>> both = List.of(first, second);
      for (int looked = 0; looked < 1_000 && !both.stream().allMatch(Race::hasEnded); looked++) {
        both.forEach(handle -> settle(engine, handle));
        advance(both.stream().map(handle -> handle.await(Duration.ofMillis(5))).toList());
      }
      List<Outcome<String>> ends = both.stream().map(stage::settled).toList();
      assertThat(ends).contains(new Outcome.Completed<>(ANSWER));
      assertThat(ends)
          .isSubsetOf(new Outcome.Completed<>(ANSWER), new Outcome.Completed<>("intent-in-doubt"));
    }

    private static boolean hasEnded(Handle<String> handle) {
      return handle.outcome().isEnded();
    }

    /**
     * Moves the clock once both stand. The wait for the other's fact is not waited out: it ends
     * when the other goes on, however late this machine lets it.
     */
    private void advance(List<Outcome<String>> outcomes) {
      List<Outcome.Waiting<String>> waiting =
          outcomes.stream()
              .filter(Outcome.Waiting.class::isInstance)
              .map(outcome -> (Outcome.Waiting<String>) outcome)
              .toList();
      if (waiting.stream().noneMatch(outcome -> outcome.waits().isEmpty())) {
        waiting.stream()
            .filter(outcome -> outcome.why() != Outcome.Why.HELD_INTENT)
            .forEach(stage::advanceTo);
      }
    }

    /** A message that lies there already is not sent again. */
    private void settle(Engine engine, Handle<String> handle) {
      if (stage.journal().mail(handle.id()).isEmpty()
          && handle.outcome() instanceof Outcome.InDoubt) {
        Verdict verdict =
            stage.world.happened(AMOUNT) == 0
                ? new Verdict.DidNotHappen()
                : new Verdict.Happened(new Payload('"' + ANSWER + '"'));
        engine.client().settle(handle.id().text(), PAY, verdict, "ann", "counted");
      }
    }

    @Override
    public void check() {
      assertThat(stage.world.happened(AMOUNT)).isEqualTo(1);
      assertThat(Set.copyOf(stage.world.keys(AMOUNT))).hasSizeLessThanOrEqualTo(1);
    }

    @Override
    public void close() {
      stage.close();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Contract.class,
      names = {"READ"},
      mode = EnumSource.Mode.EXCLUDE)
  void aCrashAnywhereLeavesOneFact(Contract contract) {
    List<CrashHarness.Crash> struck =
        CrashHarness.within(Duration.ofSeconds(20)).crashEverywhere(() -> new Race(contract));

    assertThat(struck).hasSizeGreaterThan(10);
  }
}

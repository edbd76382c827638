package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.FaultPoints;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Branches that race with effects under way, crashed at every boundary. */
class RaceCrashTest {
  private static final class Rivals implements CrashHarness.Scenario {
    private final Stage stage = Stage.leaping();
    private final Contract contract;
    private final Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class).body((run, input) -> play(run));

    Rivals(Contract contract) {
      this.contract = contract;
    }

    private String pay(Run run, String fact) {
      return run.effect(fact, fact, stage.world.effect(contract));
    }

    private Run.Branch<String> rival(String label) {
      return new Run.Branch<>(
          label,
          branch -> {
            pay(branch, label + "1");
            branch.sleep("pause", Duration.ofMillis(1));
            pay(branch, label + "2");
            return label;
          });
    }

    private String play(Run run) {
      String winner = run.race("first", List.of(rival("a"), rival("b")));
      return winner + ": " + pay(run, "won by " + winner);
    }

    @Override
    public Engine open(FaultPoints faultPoints) {
      return stage.open(faultPoints, workflow);
    }

    @Override
    public void drive(Engine engine) {
      Handle<String> handle = engine.start(workflow, "r", "in");
      Outcome<String> outcome = stage.driven(handle);
      List<Entry.RaceWon> won = stage.entries("r", Entry.RaceWon.class);
      assertThat(won).hasSize(1);
      String winner = won.getFirst().label();

      assertThat(outcome)
          .isEqualTo(new Outcome.Completed<>(winner + ": answer to won by " + winner));
      assertThat(stage.world.happened(winner + "1")).isEqualTo(1);
      assertThat(stage.world.happened(winner + "2")).isEqualTo(1);
      assertThat(open()).as("effects without an outcome").isZero();
    }

    /** Effects that began and came to nothing that is known. */
    private long open() {
      var paths =
          new java.util.HashSet<>(
              stage.entries("r", Entry.EffectIntended.class).stream()
                  .map(Entry.EffectIntended::path)
                  .toList());
      stage.entries("r", Entry.EffectSucceeded.class).forEach(done -> paths.remove(done.path()));
      stage.entries("r", Entry.EffectGaveUp.class).forEach(done -> paths.remove(done.path()));
      return paths.size();
    }

    @Override
    public void check() {
      for (String fact : List.of("a1", "a2", "b1", "b2", "won by a", "won by b")) {
        assertThat(stage.world.happened(fact)).as(fact).isLessThanOrEqualTo(1);
      }
    }

    @Override
    public void close() {
      stage.close();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Contract.class,
      names = {"KEYED", "VERIFIED"})
  void everyBoundary(Contract contract) {
    List<CrashHarness.Crash> struck =
        CrashHarness.within(Duration.ofSeconds(20)).crashEverywhere(() -> new Rivals(contract));

    assertThat(struck).hasSizeGreaterThan(20);
  }
}

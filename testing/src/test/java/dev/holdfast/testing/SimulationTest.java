package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random programs under random faults on the baton. */
class SimulationTest {
  private static final int SEEDS = 300;
  private static final int SEEDS_OF_CAMPAIGN = 20_000;

  static LongStream seeds() {
    Long one = Long.getLong(Simulation.SEED);
    boolean isCampaign = Boolean.getBoolean("holdfast.campaigns");
    return one == null
        ? LongStream.rangeClosed(1, isCampaign ? SEEDS_OF_CAMPAIGN : SEEDS)
        : LongStream.of(one);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noLawIsBroken(long seed) {
    assertThat(Simulation.of(seed).play().entries()).isPositive();
  }

  @Test
  void theSameSeedIsTheSameSimulation() {
    for (long seed = 1; seed <= 10; seed++) {
      assertThat(Simulation.of(seed).play()).isEqualTo(Simulation.of(seed).play());
    }
  }

  @Test
  void anotherSeedIsAnotherSimulation() {
    assertThat(
            LongStream.rangeClosed(1, 10)
                .mapToObj(seed -> Simulation.of(seed).play().fingerprint())
                .distinct())
        .hasSize(10);
  }
}

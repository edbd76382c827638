package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.testing.CrashHarness;
import dev.holdfast.testing.CrashHarness.Crash;
import dev.holdfast.testing.Simulation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@link WholeKernel} over each kind of store, crashed at its n-th boundary, and at the m-th after
 * that, for n from 1 until an execution passes clean.
 *
 * <p>Every build tries some n, which follow from a seed; a campaign tries all.
 */
class WholeKernelCrashTest {
  private static final boolean IS_CAMPAIGN = Boolean.getBoolean("holdfast.campaigns");
  private static final CrashHarness HARNESS = CrashHarness.within(Duration.ofSeconds(60));

  /** What may have been sent is waited for as long as this after a crash. */
  private static final Duration LEASE_TTL = Duration.ofSeconds(4);

  @TempDir Path folder;
  private final AtomicInteger worlds = new AtomicInteger();
  private final long seed = Long.getLong(Simulation.SEED, System.nanoTime() % 1_000_000);
  private final Random chance = new Random(seed);

  private WholeKernel fresh(TestStore.Kind kind) throws Exception {
    Path world = Files.createDirectory(folder.resolve("world-" + worlds.incrementAndGet()));
    return new WholeKernel(kind.made(world, Optional.empty(), LEASE_TTL), world);
  }

  /** Crashes at every stride-th boundary and returns where the crashes struck. */
  private List<List<Crash>> sweep(TestStore.Kind kind, int stride, int crashes) {
    var struck = new ArrayList<List<Crash>>();
    long begin = System.nanoTime();
    int count = 1 + chance.nextInt(stride);
    List<Crash> last;
    do {
      int[] counts = new int[crashes];
      counts[0] = count;
      for (int i = 1; i < crashes; i++) {
        counts[i] = 1 + chance.nextInt(100);
      }
      last = crashed(kind, counts);
      struck.add(last);
      count += stride;
    } while (!last.isEmpty());
    System.out.printf(
        "%s: %d executions with %d crashes each, of about %d boundaries, in %d s (-D%s=%d)%n",
        kind,
        struck.size(),
        crashes,
        count,
        (System.nanoTime() - begin) / 1_000_000_000,
        Simulation.SEED,
        seed);
    return struck;
  }

  private List<Crash> crashed(TestStore.Kind kind, int... counts) {
    try {
      return HARNESS.crashAfter(() -> fresh(kind), counts);
    } catch (AssertionError failed) {
      throw new AssertionError(
          "%s (again: -D%s=%d)".formatted(failed.getMessage(), Simulation.SEED, seed), failed);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everythingHappensOnceWhereverItCrashes(TestStore.Kind kind) {
    List<List<Crash>> struck = sweep(kind, IS_CAMPAIGN ? 1 : 79, 1);

    if (IS_CAMPAIGN) {
      assertThat(struck)
          .flatExtracting(List::copyOf)
          .extracting(Crash::boundary)
          .contains(Boundary.values());
      assertThat(struck)
          .flatExtracting(List::copyOf)
          .extracting(crash -> crash.path().kind())
          .contains("effect", "undo", "child", "timer", "signal", "approval", "turn", "branch");
    } else {
      assertThat(struck).hasSizeGreaterThan(6); // there are more than 500 boundaries
    }
  }

  @ParameterizedTest
  @EnumSource
  void alsoWhereTheRecoveryCrashesAgain(TestStore.Kind kind) {
    List<List<Crash>> struck = sweep(kind, IS_CAMPAIGN ? 7 : 149, 2);

    assertThat(struck).anySatisfy(crashes -> assertThat(crashes).hasSize(2));
  }
}

package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.testing.CrashHarness;
import dev.holdfast.testing.CrashHarness.Crash;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
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
  private static final String SEED = "holdfast.seed";
  private static final boolean IS_CAMPAIGN = Boolean.getBoolean("holdfast.campaigns");
  private static final CrashHarness HARNESS = CrashHarness.within(Duration.ofMinutes(2));

  /** What may have been sent is waited for as long as this after a crash. */
  private static final Duration LEASE_TTL = Duration.ofSeconds(10);

  @TempDir Path folder;
  private final AtomicInteger worlds = new AtomicInteger();
  private final long seed = Long.getLong(SEED, System.nanoTime() % 1_000_000);
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
    do {
      struck.add(crashed(kind, counts(count, crashes)));
      count += stride;
    } while (!struck.getLast().isEmpty());
    long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
    System.out.printf(
        "%s: %d executions, all but one crashed %d times, in %d s (-D%s=%d)%n",
        kind, struck.size(), crashes, seconds, SEED, seed);
    return struck;
  }

  /** The boundary that is tried, and some soon after each recovery. */
  private int[] counts(int first, int crashes) {
    var later = chance.ints(crashes - 1L, 1, 100);
    return IntStream.concat(IntStream.of(first), later).toArray();
  }

  private List<Crash> crashed(TestStore.Kind kind, int... counts) {
    try {
      return HARNESS.crashAfter(() -> fresh(kind), counts);
    } catch (AssertionError failed) {
      throw new AssertionError(
          "%s (again: -D%s=%d)".formatted(failed.getMessage(), SEED, seed), failed);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everythingHappensOnceWhereverItCrashes(TestStore.Kind kind) {
    List<List<Crash>> struck = sweep(kind, IS_CAMPAIGN ? 1 : 79, 1);

    assertThat(struck).hasSizeGreaterThan(6); // there are more than 500 boundaries
    if (IS_CAMPAIGN) {
      expectAllKinds(struck.stream().flatMap(List::stream).toList());
    }
  }

  private static void expectAllKinds(List<Crash> struck) {
    assertThat(struck).extracting(Crash::boundary).contains(Boundary.values());
    assertThat(struck)
        .extracting(crash -> crash.path().kind())
        .contains("effect", "undo", "child", "timer", "signal", "approval", "turn");
  }

  @ParameterizedTest
  @EnumSource
  void alsoWhereTheRecoveryCrashesAgain(TestStore.Kind kind) {
    List<List<Crash>> struck = sweep(kind, IS_CAMPAIGN ? 7 : 149, 2);

    assertThat(struck).anySatisfy(crashes -> assertThat(crashes).hasSize(2));
  }
}

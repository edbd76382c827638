package dev.holdfast.kernel;

import dev.holdfast.kernel.spi.Randomness;
import java.util.concurrent.ThreadLocalRandom;

/** The machine's chance. */
final class SystemRandomness implements Randomness {
  @Override
  public long seed() {
    return ThreadLocalRandom.current().nextLong();
  }

  @Override
  public double fraction() {
    return ThreadLocalRandom.current().nextDouble();
  }
}

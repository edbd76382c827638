package dev.holdfast.agents;

import java.time.Duration;

/** Checks settings; a message names the setting, its bounds and its value. */
final class Bounds {
  static final Duration A_DAY = Duration.ofDays(1);

  private Bounds() {}

  static void between(String setting, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be %,d to %,d, is %,d.".formatted(setting, least, most, value));
    }
  }

  static void positive(String setting, Duration value, Duration most) {
    if (value.isNegative() || value.isZero() || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s must be > 0 and <= %s, is %s.".formatted(setting, most, value));
    }
  }

  /** The settings that own and adopted agents share. */
  static void ofAgent(int repairsMax, int resultCharactersMax, Duration modelTimeout) {
    between("repairsMax", repairsMax, 0, 100);
    between("resultCharactersMax", resultCharactersMax, 100, 16 << 20);
    positive("modelTimeout", modelTimeout, A_DAY);
  }
}

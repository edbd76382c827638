package dev.holdfast.store;

import dev.holdfast.kernel.Settings;

/**
 * How a store is opened for execution.
 *
 * @param durability what confirmed writes survive; default {@link Durability#POWER_LOSS}
 * @param settings limits and where time, chance and faults come in
 */
public record Options(Durability durability, Settings settings) {
  /** Production: {@link Durability#POWER_LOSS} and {@link Settings#standard}. */
  public static Options standard() {
    return new Options(Durability.POWER_LOSS, Settings.standard());
  }

  /** The same with that durability. */
  public Options durability(Durability changed) {
    return new Options(changed, settings);
  }

  /** The same with those settings. */
  public Options settings(Settings changed) {
    return new Options(durability, changed);
  }
}

package dev.holdfast.store;

import dev.holdfast.kernel.Settings;
import java.util.Optional;

/**
 * How a store is opened for execution.
 *
 * @param durability what confirmed writes survive; default {@link Durability#POWER_LOSS}
 * @param settings limits and where time, chance and faults come in
 * @param encryption the keys of an encrypted store; default none, see {@link Encryption}
 */
public record Options(Durability durability, Settings settings, Optional<Encryption> encryption) {
  /** Of a store that is not encrypted. */
  public Options(Durability durability, Settings settings) {
    this(durability, settings, Optional.empty());
  }

  /** Production: {@link Durability#POWER_LOSS} and {@link Settings#standard}. */
  public static Options standard() {
    return new Options(Durability.POWER_LOSS, Settings.standard(), Optional.empty());
  }

  /** The same with that durability. */
  public Options durability(Durability changed) {
    return new Options(changed, settings, encryption);
  }

  /** The same with those settings. */
  public Options settings(Settings changed) {
    return new Options(durability, changed, encryption);
  }

  /** The same, its data under those keys. */
  public Options encryption(Encryption keys) {
    return new Options(durability, settings, Optional.of(keys));
  }
}

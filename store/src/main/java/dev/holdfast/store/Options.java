package dev.holdfast.store;
import dev.holdfast.kernel.Settings;
/** How a store is opened. */
public record Options(Durability durability, Settings settings) {
  /** Default. */
  public static Options standard() { return new Options(Durability.POWER_LOSS, Settings.standard()); }
  /** The same so durable. */
  public Options durability(Durability changed) { return new Options(changed, settings); }
  /** The same with those settings. */
  public Options settings(Settings changed) { return new Options(durability, changed); }
}

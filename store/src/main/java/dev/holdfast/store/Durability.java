package dev.holdfast.store;

/** What a store's confirmed writes survive. */
public enum Durability {
  /** Loss of power: every commit reaches the disk before it is confirmed. The default. */
  POWER_LOSS("FULL", 2),
  /** The death of the process; a loss of power can undo the latest commits, in order. */
  PROCESS_CRASH("NORMAL", 1),
  /** Nothing but the process itself: for tests; a loss of power can destroy the file. */
  EPHEMERAL("OFF", 0);

  private final String synchronous;
  private final int readBack;

  Durability(String synchronous, int readBack) {
    this.synchronous = synchronous;
    this.readBack = readBack;
  }

  /** The value of SQLite's pragma {@code synchronous}. */
  String synchronous() {
    return synchronous;
  }

  /** The number that SQLite answers for {@link #synchronous}. */
  int readBack() {
    return readBack;
  }
}

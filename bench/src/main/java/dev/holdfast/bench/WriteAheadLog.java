package dev.holdfast.bench;

import java.nio.file.Path;

/** The log beside a database file: once it has its full length, it is written over, not grown. */
record WriteAheadLog(Path store) {
  private static final long BYTES_FULL = 16 << 20;

  /** Whether a commit may still have to make the file longer, which flushes many times slower. */
  boolean grows() {
    return store.resolveSibling(store.getFileName() + "-wal").toFile().length() < BYTES_FULL;
  }

  /** Refuses a measurement that would compare logs of different lengths. */
  void requireFull() {
    if (grows()) {
      throw new IllegalStateException(
          "The log of %s did not reach %,d bytes. Use a faster disk.".formatted(store, BYTES_FULL));
    }
  }
}

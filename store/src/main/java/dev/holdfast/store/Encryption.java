package dev.holdfast.store;

import java.nio.file.Path;

/**
 * Where the keys come from under which a store's data is kept; asked on many threads at once.
 *
 * <p>A store that was made with keys is opened with them for ever, and one that was made without is
 * never encrypted later. Its own keys are random and kept in it, wrapped by a key of this: what is
 * new is wrapped by the current one, and what was wrapped by an earlier one is opened by that, so
 * that a key can be replaced while its predecessor is still known.
 */
public interface Encryption {
  /** The name of the key that wraps what is new; 1 to 100 letters, digits, dots, dashes. */
  String currentKeyId();

  /**
   * The key of that name.
   *
   * @return 32 bytes
   * @throws IllegalArgumentException where there is none
   */
  byte[] key(String id);

  /**
   * The keys in a file: a line for each with its name, a blank and 32 bytes in Base64, the current
   * one first. The file is read once.
   *
   * @throws dev.holdfast.journal.StoreFailed where it cannot be read or holds something else
   */
  static Encryption ofFile(Path file) {
    return KeyFile.read(file);
  }
}

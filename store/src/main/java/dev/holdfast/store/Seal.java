package dev.holdfast.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** How what a run records is kept: as it is, or under a key of that run alone. */
interface Seal {
  /** Keeps it as it is. */
  Seal NONE = new Seal() {};

  /** Whether it changes anything. */
  default boolean isNone() {
    return true;
  }

  /** What is kept of a text at that place of the run. */
  default String close(String place, String text) {
    return text;
  }

  /** The text again. */
  default String open(String place, String kept) {
    return kept;
  }

  /** The digest of a payload, 32 bytes. */
  default byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }

  /** The wrapped key, to be kept with the first entry of the run. */
  default Optional<EncodedEntry.Text> keyRow() {
    return Optional.empty();
  }
}

package dev.holdfast.journal.spi;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Turns values and entries into text and back; safe for use by many threads.
 *
 * <p>Errors are {@link IllegalArgumentException}s that name the type and the remedy, never the
 * value.
 */
public interface Codec {
  /** Encodes a value so that {@link #decode} gives an equal one back. */
  Payload encode(@Nullable Object value);

  /** Decodes a payload into that type. */
  @Nullable Object decode(Payload payload, Type type);

  /**
   * The canonical form of an encoded value that identity is computed from: keys sorted, every digit
   * kept, absent fields equal to null and to the zero value of their type.
   */
  String canonical(Payload payload);

  /** The canonical form of a run's input: as {@link #canonical}, without incidental components. */
  String canonicalInput(@Nullable Object value);

  /**
   * The digest that identity and keys are computed from, 32 bytes: SHA-256 of the text, or with a
   * key that only the store has, so that nobody can guess a value by its digest.
   */
  default byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java runtime lacks SHA-256, which every one has.", e);
    }
  }

  /** Encodes an entry, without a line break. */
  String write(Entry entry);

  /** Decodes an entry that {@link #write} encoded, in this or the previous format version. */
  Entry read(String text);
}

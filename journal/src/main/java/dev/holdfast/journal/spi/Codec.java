package dev.holdfast.journal.spi;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import java.lang.reflect.Type;
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

  /** Encodes an entry, without a line break. */
  String write(Entry entry);

  /** Decodes an entry that {@link #write} encoded, in this or the previous format version. */
  Entry read(String text);
}

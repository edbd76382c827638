package dev.holdfast.journal;

/**
 * A serialised value as its codec wrote it: what replay decodes and people read.
 *
 * @param text the encoded value, JSON with the codec that ships
 */
public record Payload(String text) {
  /** The encoded absence of a value. */
  public static final Payload NULL = new Payload("null");

  /** What stands in the place of a value that was erased. */
  public static final Payload ERASED = new Payload("\"\u00aberased\u00bb\"");
}

package dev.holdfast.journal;

/**
 * The name that a target can recognise a repeat by: the same on every attempt and recovery.
 *
 * @param text 52 characters of lower-case base32
 */
public record IdempotencyKey(String text) {
  @Override
  public String toString() {
    return text;
  }
}

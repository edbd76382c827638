package dev.holdfast.journal;

/**
 * The name of one durable execution, chosen by the caller: the same id is the same run.
 *
 * @param text 1 to {@value #LENGTH_MAX} characters without control characters and without halves of
 *     surrogate pairs, which no text encoding can keep apart
 */
public record RunId(String text) {
  /** The longest run id, in characters. */
  public static final int LENGTH_MAX = 200;

  /** Checks the id; an {@link IllegalArgumentException} says which bound it breaks. */
  public RunId {
    if (text.isBlank()) {
      throw new IllegalArgumentException(
          "The run id is empty. Choose one that names the business fact, such as refund-4711.");
    }
    if (text.length() > LENGTH_MAX) {
      throw new IllegalArgumentException(
          "The run id has %d characters > %d allowed: '%s…'. Shorten it or use a digest."
              .formatted(text.length(), LENGTH_MAX, text.substring(0, 40)));
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "The run id holds a control character. Use printable characters only.");
    }
    if (text.codePoints().anyMatch(RunId::isHalfAPair)) {
      throw new IllegalArgumentException(
          "The run id holds half of a surrogate pair. Use whole characters only.");
    }
  }

  private static boolean isHalfAPair(int codePoint) {
    return Character.MIN_SURROGATE <= codePoint && codePoint <= Character.MAX_SURROGATE;
  }

  @Override
  public String toString() {
    return text;
  }
}

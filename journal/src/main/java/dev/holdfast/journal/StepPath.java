package dev.holdfast.journal;

/**
 * The place of a step or scope within its run: {@code kind:name#n} segments joined by {@code /}.
 *
 * <p>{@code n} counts the same kind and name within one scope, so the path depends on the program's
 * order alone, never on the interleaving of branches. The root scope is the empty path.
 *
 * @param text the joined segments
 */
public record StepPath(String text) {
  /** The run's own scope. */
  public static final StepPath ROOT = new StepPath("");

  /** The longest segment name, in characters. */
  public static final int NAME_LENGTH_MAX = 120;

  /** The path of the n-th child of that kind and name. */
  public StepPath child(String kind, String name, int number) {
    return append(kind + ":" + checked(name) + "#" + number);
  }

  /** The path of the branch with that label. */
  public StepPath branch(String label) {
    return append("branch:" + checked(label));
  }

  /** The enclosing scope; the root is its own parent. */
  public StepPath parent() {
    int slash = text.lastIndexOf('/');
    return slash < 0 ? ROOT : new StepPath(text.substring(0, slash));
  }

  /** The last segment, such as {@code effect:pay-back#0}; empty for the root. */
  public String segment() {
    return text.substring(text.lastIndexOf('/') + 1);
  }

  /** The name within the last segment, such as {@code pay-back}. */
  public String name() {
    String segment = segment();
    int hash = segment.lastIndexOf('#');
    return segment.substring(segment.indexOf(':') + 1, hash < 0 ? segment.length() : hash);
  }

  /** The kind within the last segment, such as {@code effect}. */
  public String kind() {
    String segment = segment();
    return segment.substring(0, Math.max(0, segment.indexOf(':')));
  }

  /** Whether this path lies within that scope, or is it. */
  public boolean isWithin(StepPath scope) {
    return scope.text.isEmpty() || text.equals(scope.text) || text.startsWith(scope.text + "/");
  }

  private StepPath append(String segment) {
    return new StepPath(text.isEmpty() ? segment : text + "/" + segment);
  }

  private static String checked(String name) {
    if (name.isBlank() || name.length() > NAME_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "A step name needs 1 to %d characters, this has %d: '%s'."
              .formatted(NAME_LENGTH_MAX, name.length(), name));
    }
    if (name.indexOf('/') >= 0 || name.indexOf('#') >= 0) {
      throw new IllegalArgumentException(
          "The step name '%s' holds '/' or '#', which separate paths. Use '-' or '.'."
              .formatted(name));
    }
    return name;
  }

  @Override
  public String toString() {
    return text;
  }
}

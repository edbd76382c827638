package dev.holdfast.json;

/**
 * JSON strings and whole numbers, which most payloads are: written and read without a parser where
 * no escape in them needs one.
 */
final class PlainText {
  private static final String SHORT_ESCAPES = "\"\\/bfnrt";
  private static final String ESCAPED = "\"\\/\b\f\n\r\t";

  private PlainText() {}

  /** The text as a JSON string. */
  static String quoted(String text) {
    var json = new StringBuilder(text.length() + 2);
    CanonicalText.quote(text, json);
    return CanonicalText.withoutLoneSurrogates(json.toString());
  }

  /** Whether this is one JSON string in which every character stands for itself. */
  static boolean isPlain(String json) {
    int last = json.length() - 1;
    if (last < 1 || json.charAt(0) != '"' || json.charAt(last) != '"') {
      return false;
    }
    for (int i = 1; i < last; i++) {
      char unit = json.charAt(i);
      if (unit == '"' || unit == '\\' || unit < ' ') {
        return false;
      }
    }
    return true;
  }

  /** Whether this is one whole number in its only form. */
  static boolean isWhole(String json) {
    int from = json.startsWith("-") ? 1 : 0;
    if (json.length() == from || (json.charAt(from) == '0' && json.length() > 1)) {
      return false;
    }
    for (int i = from; i < json.length(); i++) {
      if (json.charAt(i) < '0' || json.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** Whether this is one JSON string with no escapes but those of two characters. */
  static boolean isSimple(String json) {
    int last = json.length() - 1;
    if (last < 1 || json.charAt(0) != '"' || json.charAt(last) != '"') {
      return false;
    }
    for (int i = 1; i < last; i++) {
      char unit = json.charAt(i);
      if (unit == '"' || unit < ' ') {
        return false;
      }
      if (unit == '\\') {
        i++;
        if (i == last || SHORT_ESCAPES.indexOf(json.charAt(i)) < 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** The text of a JSON string that {@link #isSimple}. */
  static String unescaped(String simple) {
    int last = simple.length() - 1;
    var text = new StringBuilder(last);
    int done = 1;
    for (int i = simple.indexOf('\\', 1); i >= 0; i = simple.indexOf('\\', done)) {
      text.append(simple, done, i);
      text.append(ESCAPED.charAt(SHORT_ESCAPES.indexOf(simple.charAt(i + 1))));
      done = i + 2;
    }
    return text.append(simple, done, last).toString();
  }
}

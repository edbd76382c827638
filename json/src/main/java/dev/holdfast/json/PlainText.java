package dev.holdfast.json;

/**
 * JSON strings, which most payloads are: written and read without a parser where nothing in them is
 * escaped.
 */
final class PlainText {
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

  static String unquoted(String plain) {
    return plain.substring(1, plain.length() - 1);
  }
}

package dev.holdfast.gauntlet;

/** Makes any text harmless in XML and HTML. */
final class Escape {
  private Escape() {}

  /** Without what XML forbids, with entities for what it means something by. */
  static String xml(String text) {
    var out = new StringBuilder();
    text.codePoints().forEach(c -> append(out, c));
    return out.toString();
  }

  private static void append(StringBuilder out, int c) {
    switch (c) {
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '&' -> out.append("&amp;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&#39;");
      default -> out.appendCodePoint(isAllowed(c) ? c : '\uFFFD');
    }
  }

  /** The characters of XML 1.0, section 2.2. */
  private static boolean isAllowed(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }
}

package dev.holdfast.kernel;

import java.util.regex.Pattern;

/** Takes what looks like a secret out of a text and bounds its length. */
final class Redaction {
  private static final int LENGTH_MAX = 600;
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)(pass(?:word|wd)?|pwd|secret|token|api[-_ ]?key|authorization|credential)"
              + "(\"?\\s*[=:]\\s*\"?)(?:(?:bearer|basic)\\s+)?[^\\s,;&\"]+");
  private static final Pattern BEARER = Pattern.compile("(?i)\\b(bearer|basic)\\s+[\\w.~+/=-]{8,}");
  private static final Pattern USER_INFO = Pattern.compile("://[^/@\\s:]+:[^/@\\s]+@");
  private static final Pattern PROVIDER_KEY = Pattern.compile("\\b(sk|pk|rk)-[\\w-]{8,}");

  private Redaction() {}

  static String of(String text) {
    String named = NAMED.matcher(text).replaceAll("$1$2***");
    String bearer = BEARER.matcher(named).replaceAll("$1 ***");
    String userInfo = USER_INFO.matcher(bearer).replaceAll("://***@");
    String clean = PROVIDER_KEY.matcher(userInfo).replaceAll("$1-***");
    return clean.length() <= LENGTH_MAX ? clean : clean.substring(0, LENGTH_MAX) + "…";
  }

  static String of(Throwable thrown) {
    String message = thrown.getMessage();
    String name = thrown.getClass().getSimpleName();
    return message == null ? name : name + ": " + of(message);
  }
}

package dev.holdfast.kernel;

import dev.holdfast.journal.Failure;
import java.util.regex.Pattern;

/** Takes what looks like a secret out of a text and bounds its length. */
final class Redaction {
  private static final int LENGTH_MAX = 600;
  private static final String QUOTED = "\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"?|'[^']*+'?";
  private static final Pattern NAMED =
      Pattern.compile(
          "(?is)(pass(?:word|wd)?|pwd|secret|token|api[-_ ]?key|authorization|credential)"
              + "([\"']?\\s*[=:]\\s*)(?:(?:bearer|basic)\\s+)?(?:"
              + QUOTED
              + "|[^\\s,;&\"']+)");
  private static final Pattern BEARER = Pattern.compile("(?i)\\b(bearer|basic)\\s+[\\w.~+/=-]{8,}");
  private static final Pattern USER_INFO = Pattern.compile("://[^/@\\s\"']++@");

  /** What providers begin their keys with, and signed tokens (RFC 7519). */
  private static final Pattern PROVIDER_KEY =
      Pattern.compile(
          "\\b(sk|pk|rk|gh[opsu]|github_pat|xox[abp])[-_][\\w-]{8,}"
              + "|\\beyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+");

  private Redaction() {}

  static String of(String text) {
    String clean = clean(text);
    return clean.length() <= LENGTH_MAX ? clean : clean.substring(0, LENGTH_MAX) + "…";
  }

  /** The whole text without what looks like a secret. */
  static String clean(String text) {
    String named = NAMED.matcher(text).replaceAll("$1$2***");
    String bearer = BEARER.matcher(named).replaceAll("$1 ***");
    String userInfo = USER_INFO.matcher(bearer).replaceAll("://***@");
    return PROVIDER_KEY.matcher(userInfo).replaceAll("***");
  }

  static String of(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? nameOf(thrown) : nameOf(thrown) + ": " + of(message);
  }

  /** The class without its package; anonymous classes have only the long name. */
  static String nameOf(Throwable thrown) {
    Class<?> type = thrown.getClass();
    return type.getSimpleName().isEmpty() ? type.getName() : type.getSimpleName();
  }

  static Failure of(Failure failure) {
    String message = of(failure.message());
    return switch (failure) {
      case Failure.NotSent notSent -> new Failure.NotSent(of(notSent.code()), message);
      case Failure.Rejected no -> new Failure.Rejected(of(no.code()), message);
      case Failure.Transient later ->
          new Failure.Transient(of(later.code()), message, later.retryAfter());
      case Failure.Unknown unknown -> new Failure.Unknown(of(unknown.code()), message);
    };
  }
}

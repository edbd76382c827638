package dev.holdfast.console;

import dev.holdfast.journal.Status;

/**
 * Colours and signs for people; both say nothing that the words beside them do not say too.
 *
 * @param coloured whether escape sequences are written
 * @param unicode whether signs beyond ASCII are written
 */
record Paint(boolean coloured, boolean unicode) {
  /** Neither colours nor signs: what a pipe, a file and a test get. */
  static final Paint PLAIN = new Paint(false, false);

  String good(String text) {
    return painted("32", text);
  }

  String bad(String text) {
    return painted("31;1", text);
  }

  String alert(String text) {
    return painted("33;1", text);
  }

  String faint(String text) {
    return painted("2", text);
  }

  String strong(String text) {
    return painted("1", text);
  }

  String head(String text) {
    return painted("36;1", text);
  }

  /** The first where signs beyond ASCII can be shown, else the second. */
  String sign(String sign, String plain) {
    return unicode ? sign : plain;
  }

  String status(Status status) {
    return switch (status) {
      case COMPLETED -> good(status.name());
      case IN_DOUBT, QUARANTINED, AWAITING_APPROVAL -> alert(status.name());
      case FAILED, TRUNCATED, CANCELLED, COMPENSATED -> bad(status.name());
      case READY, EXECUTING, WAITING -> status.name();
    };
  }

  private String painted(String code, String text) {
    return coloured && !text.isEmpty() ? "\033[" + code + "m" + text + "\033[0m" : text;
  }
}

package dev.holdfast.console;

/** What a command could not do: what happened, the facts and the remedy, in one message. */
final class Complaint extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Complaint(String message) {
    super(message);
  }
}

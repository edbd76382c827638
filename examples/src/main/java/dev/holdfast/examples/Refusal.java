package dev.holdfast.examples;

import java.io.Serial;

/** A tool's answer that a rule of the shop forbids the call; nothing was changed. */
final class Refusal extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  Refusal(String reason) {
    // Refusals are ordinary answers and frequent, so they carry no stack.
    super(reason, null, false, false);
  }

  /** The text that the model gets to see. */
  String answer() {
    return "Error: " + getMessage();
  }
}

package dev.holdfast.agents;

import java.util.List;
import java.util.Optional;

/**
 * The journaled input of a model call: all that was new, and digests of the rest.
 *
 * @param model the model's name
 * @param context the digest of every message of the request
 * @param messages how many messages the request holds
 * @param tools the digest of the tool schemas and the answer's schema
 * @param added the messages that no earlier call held; replies are journaled as results already
 * @param tokensReserved what the budget set aside for the call
 */
record ModelCall(
    String model,
    String context,
    int messages,
    String tools,
    List<Said> added,
    long tokensReserved) {
  /** Copies the messages. */
  ModelCall {
    added = List.copyOf(added);
  }

  /** One message: who said what, and to which tool call it is the result. */
  record Said(String role, String text, Optional<ToolCall> answers) {}
}

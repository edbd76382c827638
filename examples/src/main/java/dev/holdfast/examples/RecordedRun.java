package dev.holdfast.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One recorded conversation of a real model with the shop, and what it left behind.
 *
 * @param finished whether the conversation came to its end, or was cut off
 */
record RecordedRun(
    String id, List<Message> messages, List<Effect> effects, String stateHash, boolean finished) {

  RecordedRun {
    messages = List.copyOf(messages);
    effects = List.copyOf(effects);
  }

  /** One message, in the order of the conversation. */
  sealed interface Message {
    /** What the model was told before the conversation. */
    record Instructions(String text) implements Message {}

    /** What the customer said. */
    record Customer(String text) implements Message {}

    /** What the model said, the tools that it called, or both. */
    record Reply(Optional<String> text, List<Call> calls) implements Message {
      public Reply {
        calls = List.copyOf(calls);
      }
    }

    /** What a tool answered. */
    record Result(String callId, String tool, String text) implements Message {}
  }

  /**
   * A tool call of a reply.
   *
   * @param injected whether the recording's harness wrote it, not the model; such a call was never
   *     executed and its arguments need not be JSON
   */
  record Call(String id, String tool, String arguments, boolean injected) {
    RetailCall toExecute() {
      return new RetailCall(id, tool, arguments);
    }
  }

  /** A call that changed the world when it was recorded. */
  record Effect(String callId, String tool) {}

  /** A recorded call with its recorded result; no result if the recording ends before it. */
  record Exchange(Call call, Optional<String> result) {}

  /** Every call of the run in order, paired by id with the results that follow its reply. */
  List<Exchange> exchanges() {
    List<Exchange> exchanges = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i) instanceof Message.Reply reply) {
        for (Call call : reply.calls()) {
          exchanges.add(new Exchange(call, resultAfter(i, call.id())));
        }
      }
    }
    return exchanges;
  }

  Optional<String> resultAfter(int reply, String callId) {
    for (int i = reply + 1; i < messages.size(); i++) {
      if (!(messages.get(i) instanceof Message.Result result)) {
        return Optional.empty();
      }
      if (result.callId().equals(callId)) {
        return Optional.of(result.text());
      }
    }
    return Optional.empty();
  }
}

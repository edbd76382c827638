package dev.holdfast.agents;

import java.util.List;
import java.util.Optional;

/**
 * A model's reply as the journal keeps it, with the verdict on it that a replay repeats.
 *
 * @param text what the model wrote, if anything
 * @param calls the tool calls in the model's order
 * @param finish why the model stopped, in LangChain4j's words
 * @param tokensIn tokens of the request, where the model told
 * @param tokensOut tokens of the reply, where the model told
 * @param tokensCharged what the budget pays, lost attempts included
 * @param complaint why a final answer was not accepted
 */
record Reply(
    Optional<String> text,
    List<Call> calls,
    String finish,
    Optional<Integer> tokensIn,
    Optional<Integer> tokensOut,
    long tokensCharged,
    Optional<String> complaint) {
  /** Copies the calls. */
  Reply {
    calls = List.copyOf(calls);
  }

  /** A tool call and what is to become of it. */
  record Call(ToolCall tool, Verdict verdict, Optional<String> refusal) {}

  /** What becomes of a tool call. */
  enum Verdict {
    /** It is executed. */
    EXECUTE,
    /** The model gets the refusal; nothing runs. */
    REFUSE,
    /** Its result comes from a recording. */
    RECORDED
  }

  /** The same with those calls. */
  Reply with(List<Call> changed) {
    return new Reply(text, changed, finish, tokensIn, tokensOut, tokensCharged, complaint);
  }

  /** Why such a run stops: what is missing at the end may be half of a call's arguments. */
  static final String CUT_OFF =
      "the model's reply was cut off at its own output limit and is recorded so; raise that limit"
          + " and start the work under another id";

  boolean isCutOff() {
    return finish.equals("LENGTH");
  }

  boolean hasRefusal() {
    return calls.stream().anyMatch(call -> call.verdict() == Verdict.REFUSE);
  }
}

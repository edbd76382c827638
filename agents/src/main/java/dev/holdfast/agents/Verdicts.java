package dev.holdfast.agents;

import static java.util.Objects.requireNonNullElse;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges a fresh reply before it is journaled, so that a replay repeats the verdicts even where the
 * tools were changed since.
 */
final class Verdicts implements ModelAttempts.Judge<Reply> {
  private static final String UNREADABLE =
      "Your last reply could not be read: a tool call in it was malformed, unknown or missing."
          + " Nothing was run. Reply again, and call tools in their declared form only.";

  /** What was said before the reply. */
  interface Earlier {
    /** Whether a tool call has that id already. */
    boolean holdsCall(String id);

    /** How many replies there are already. */
    int replies();
  }

  private final Blueprint agent;
  private final Answer<?> answer;
  private final Earlier history;

  Verdicts(Blueprint agent, Answer<?> answer, Earlier history) {
    this.agent = agent;
    this.answer = answer;
    this.history = history;
  }

  /**
   * The reply as it is journaled.
   *
   * @param reserved what is charged where the provider does not tell the usage
   * @param lost what earlier attempts are charged
   */
  @Override
  public Reply on(ChatResponse response, long reserved, long lost) {
    var message = response.aiMessage();
    List<Reply.Call> calls = calls(message.toolExecutionRequests());
    Optional<String> text = Optional.ofNullable(message.text());
    var tokensIn = ModelStep.tokensIn(response);
    var tokensOut = ModelStep.tokensOut(response);
    boolean isCounted = tokensIn.isPresent() && tokensOut.isPresent();
    long charged = lost + (isCounted ? (long) tokensIn.get() + tokensOut.get() : reserved);
    FinishReason finish = response.finishReason();
    if (finish == FinishReason.OTHER && calls.isEmpty() && text.orElse("").isBlank()) {
      return unreadable(charged);
    }
    return new Reply(
        text,
        calls,
        finish == null ? "" : finish.name(),
        tokensIn,
        tokensOut,
        charged,
        calls.isEmpty() ? complaint(text.orElse("")) : Optional.empty());
  }

  /** The reply that stands for one which the provider itself could not read. */
  @Override
  public Optional<Reply> onUnreadable(long charged) {
    return Optional.of(unreadable(charged));
  }

  private static Reply unreadable(long charged) {
    return new Reply(
        Optional.of("(a reply that could not be read)"),
        List.of(),
        FinishReason.OTHER.name(),
        Optional.empty(),
        Optional.empty(),
        charged,
        Optional.of(UNREADABLE));
  }

  private Optional<String> complaint(String text) {
    return switch (answer.read(text)) {
      case Answer.Read.Accepted<?> accepted -> Optional.empty();
      case Answer.Read.Refused<?> refused -> Optional.of(refused.complaint());
    };
  }

  private List<Reply.Call> calls(List<ToolExecutionRequest> requests) {
    var ids = new HashSet<String>();
    var calls = new ArrayList<Reply.Call>();
    for (int i = 0; i < requests.size(); i++) {
      ToolExecutionRequest request = requests.get(i);
      var tool =
          new ToolCall(
              id(request, i, ids),
              requireNonNullElse(request.name(), ""),
              requireNonNullElse(request.arguments(), ""));
      calls.add(judge(tool));
    }
    return calls;
  }

  /** Some models leave ids out or repeat them; a good one is kept, since some insist on theirs. */
  private String id(ToolExecutionRequest request, int index, Set<String> taken) {
    String id = requireNonNullElse(request.id(), "");
    if (!id.isBlank() && !history.holdsCall(id) && taken.add(id)) {
      return id;
    }
    String made = "call-%d-%d".formatted(history.replies(), index);
    while (history.holdsCall(made) || !taken.add(made)) {
      made += "x";
    }
    return made;
  }

  private Reply.Call judge(ToolCall call) {
    if (agent.recorded().apply(call).isPresent()) {
      return new Reply.Call(call, Reply.Verdict.RECORDED, Optional.empty());
    }
    Optional<String> refusal = refusal(call);
    return new Reply.Call(
        call, refusal.isPresent() ? Reply.Verdict.REFUSE : Reply.Verdict.EXECUTE, refusal);
  }

  private Optional<String> refusal(ToolCall call) {
    Optional<AgentTool> tool = agent.tools().find(call.name());
    if (tool.isEmpty()) {
      return Optional.of(Told.unknownTool(call.name(), agent.tools().names()));
    }
    List<String> problems;
    try {
      problems = tool.get().problems(Arguments.read(call.arguments()));
    } catch (Json.Malformed e) {
      problems = List.of(e.getMessage());
    }
    return problems.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Told.badArguments(
                call.name(), problems, Json.schema(tool.get().specification().parameters())));
  }
}

package dev.holdfast.agents;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model's reply to an adopted agent as the journal keeps it: what the agent and the next request
 * need, and nothing of a provider's own classes.
 *
 * @param said text, calls, verdicts and usage, as of any agent
 * @param whole the message as JSON where it holds more than that, such as its thinking
 * @param id the provider's id of the reply
 * @param model the model's name in the provider's words
 * @param tokensTotal the sum as the provider counts it
 */
record AdoptedReply(
    Reply said,
    Optional<String> whole,
    Optional<String> id,
    Optional<String> model,
    Optional<Integer> tokensTotal) {
  static AdoptedReply of(Reply said, ChatResponse response) {
    AiMessage message = response.aiMessage();
    boolean isPlain = message.thinking() == null && message.attributes().isEmpty();
    Optional<String> whole =
        isPlain
            ? Optional.empty()
            : Optional.of(
                Messages.write(
                    message.toBuilder()
                        .toolExecutionRequests(requests(said, message.toolExecutionRequests()))
                        .build()));
    return new AdoptedReply(
        said,
        whole,
        Optional.ofNullable(response.id()),
        Optional.ofNullable(response.modelName()),
        Optional.ofNullable(response.tokenUsage()).map(TokenUsage::totalTokenCount));
  }

  /** The model's requests under the ids that are unique in the conversation. */
  private static List<ToolExecutionRequest> requests(Reply said, List<ToolExecutionRequest> asked) {
    var requests = new ArrayList<ToolExecutionRequest>();
    for (int i = 0; i < asked.size(); i++) {
      ToolCall call = said.calls().get(i).tool();
      requests.add(
          asked.get(i).toBuilder()
              .id(call.id())
              .name(call.name())
              .arguments(call.arguments())
              .build());
    }
    return requests;
  }

  AiMessage message() {
    if (whole.isPresent()) {
      return (AiMessage) Messages.read(whole.get());
    }
    var message = AiMessage.builder();
    said.text().ifPresent(message::text);
    if (!said.calls().isEmpty()) {
      message.toolExecutionRequests(
          said.calls().stream().map(call -> call.tool().request()).toList());
    }
    return message.build();
  }

  /** The response as LangChain4j gets it, live and in a replay. */
  ChatResponse response() {
    var response = ChatResponse.builder().aiMessage(message());
    id.ifPresent(response::id);
    model.ifPresent(response::modelName);
    if (!said.finish().isEmpty()) {
      response.finishReason(FinishReason.valueOf(said.finish()));
    }
    usage().ifPresent(response::tokenUsage);
    return response.build();
  }

  private Optional<TokenUsage> usage() {
    @Nullable Integer in = said.tokensIn().orElse(null);
    @Nullable Integer out = said.tokensOut().orElse(null);
    @Nullable Integer total = tokensTotal.orElse(null);
    boolean isTold = Objects.nonNull(in) || Objects.nonNull(out) || Objects.nonNull(total);
    return isTold ? Optional.of(new TokenUsage(in, out, total)) : Optional.empty();
  }
}

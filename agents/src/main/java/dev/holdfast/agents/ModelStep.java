package dev.holdfast.agents;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Run;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.List;
import java.util.Optional;

/** Asks the model for its next reply, once in the life of a run. */
final class ModelStep {
  private static final int CHARACTERS_PER_TOKEN = 4;
  private static final int REPLY_TOKENS = 4_096;

  private final Blueprint agent;
  private final Answer<?> answer;

  ModelStep(Blueprint agent, Answer<?> answer) {
    this.agent = agent;
    this.answer = answer;
  }

  Reply ask(Run turn, History history, Spending spending) {
    String schemas = agent.tools().canonical() + "\n" + answer.canonical();
    long reserved = reservation(history, schemas);
    spending.reserve(turn, reserved);
    var input =
        new ModelCall(
            modelName(),
            history.digest(),
            history.size(),
            Json.digest(schemas),
            history.takeAdded(),
            reserved);
    var calling = new ModelAttempts(this::chat, new Verdicts(agent, answer, history), history);
    Effect<ModelCall, Reply> effect =
        Effect.<ModelCall, Reply>idempotent(Reply.class, calling::reply)
            .kind("model")
            .timeout(agent.modelTimeout())
            .onMismatch(Effect.OnMismatch.RECORD)
            .classify(new ModelFailures());
    Reply reply = turn.effect("chat", input, effect);
    spending.charge(reply.tokensCharged());
    history.reply(reply);
    return reply;
  }

  private long reservation(History history, String schemas) {
    var parameters = agent.model().defaultRequestParameters();
    int reply = requireNonNullElse(parameters.maxOutputTokens(), REPLY_TOKENS);
    return history.tokensEstimated() + schemas.length() / CHARACTERS_PER_TOKEN + reply;
  }

  private String modelName() {
    return requireNonNullElse(agent.model().defaultRequestParameters().modelName(), "unnamed");
  }

  private ChatResponse chat(List<ChatMessage> messages) {
    var request = ChatRequest.builder().messages(messages);
    if (!agent.tools().specifications().isEmpty()) {
      request.toolSpecifications(agent.tools().specifications());
    }
    answer.format(agent.model()).ifPresent(request::responseFormat);
    ChatResponse response = agent.model().chat(request.build());
    if (response.finishReason() == FinishReason.CONTENT_FILTER) {
      throw KnownFailure.rejected("content-filter", "The model's provider withheld the reply.");
    }
    if (response.finishReason() == null
        && response.aiMessage().text() == null
        && !response.aiMessage().hasToolExecutionRequests()) {
      throw KnownFailure.unknown("empty-reply", "The model's provider answered nothing at all.");
    }
    return response;
  }

  static Optional<Integer> tokensIn(ChatResponse response) {
    return Optional.ofNullable(response.tokenUsage()).map(TokenUsage::inputTokenCount);
  }

  static Optional<Integer> tokensOut(ChatResponse response) {
    return Optional.ofNullable(response.tokenUsage()).map(TokenUsage::outputTokenCount);
  }
}

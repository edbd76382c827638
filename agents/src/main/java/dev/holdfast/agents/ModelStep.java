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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
            agent.modelName(),
            history.digest(),
            history.size(),
            Json.digest(schemas),
            history.takeAdded(),
            reserved);
    List<ChatMessage> messages = history.messages();
    var calling = new ModelAttempts<>(() -> chat(messages), new Verdicts(agent, answer, history));
    Reply reply = turn.effect("chat", input, effect(Reply.class, calling, agent.modelTimeout()));
    spending.charge(reply.tokensCharged());
    history.reply(reply);
    return reply;
  }

  /** A model call: paid for, but harmless to repeat; a changed prompt kills no run. */
  static <R> Effect<ModelCall, R> effect(
      Class<R> type, ModelAttempts<R> calling, Duration timeout) {
    return Effect.<ModelCall, R>idempotent(type, calling::reply)
        .kind("model")
        .timeout(timeout)
        .onMismatch(Effect.OnMismatch.RECORD)
        .classify(new ModelFailures());
  }

  private long reservation(History history, String schemas) {
    var parameters = agent.model().defaultRequestParameters();
    return reservation(history.tokensEstimated(), schemas, parameters.maxOutputTokens());
  }

  /** What one call may cost at most, as far as anybody can tell before it. */
  static long reservation(long tokensSaid, String schemas, @Nullable Integer tokensReplyMax) {
    int reply = requireNonNullElse(tokensReplyMax, REPLY_TOKENS);
    return tokensSaid + schemas.length() / CHARACTERS_PER_TOKEN + reply;
  }

  private ChatResponse chat(List<ChatMessage> messages) {
    var request = ChatRequest.builder().messages(messages);
    if (!agent.tools().specifications().isEmpty()) {
      request.toolSpecifications(agent.tools().specifications());
    }
    answer.format(agent.model()).ifPresent(request::responseFormat);
    return checked(agent.model().chat(request.build()));
  }

  /** The response; one that its provider withheld is none. */
  static ChatResponse checked(ChatResponse response) {
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

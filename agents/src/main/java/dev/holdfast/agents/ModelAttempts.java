package dev.holdfast.agents;

import dev.holdfast.journal.Failure;
import dev.holdfast.kernel.Effect;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * The attempts at one model call, and what they cost.
 *
 * <p>An attempt whose answer was lost, by a crash or a timeout, is charged its reservation, since
 * the provider may have charged for it too; one that is known to have done nothing is free.
 */
final class ModelAttempts {
  private final Function<List<ChatMessage>, ChatResponse> model;
  private final Verdicts verdicts;
  private final List<ChatMessage> messages;
  private final AtomicInteger free = new AtomicInteger();

  ModelAttempts(
      Function<List<ChatMessage>, ChatResponse> model, Verdicts verdicts, History history) {
    this.model = model;
    this.verdicts = verdicts;
    this.messages = history.messages();
  }

  Reply reply(ModelCall call) {
    ChatResponse response;
    try {
      response = model.apply(messages);
    } catch (RuntimeException thrown) {
      Failure failure = new ModelFailures().of(thrown);
      if (ModelFailures.isModelError(failure)) {
        return Verdicts.onUnreadable(call.tokensReserved() + lost(call));
      }
      if (!failure.mayHaveHappened()) {
        free.incrementAndGet();
      }
      throw thrown;
    }
    return verdicts.on(response, call.tokensReserved(), lost(call));
  }

  private long lost(ModelCall call) {
    int attempt = Effect.attempt().map(Effect.Attempt::number).orElse(1);
    return Math.max(0, attempt - 1 - free.get()) * call.tokensReserved();
  }
}

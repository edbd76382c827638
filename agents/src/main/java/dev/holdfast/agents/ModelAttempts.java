package dev.holdfast.agents;

import dev.holdfast.kernel.Effect;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The attempts at one model call, and what they cost.
 *
 * <p>An attempt whose answer was lost, by a crash or a timeout, is charged its reservation, since
 * the provider may have charged for it too; one that is known to have done nothing is free.
 */
final class ModelAttempts<R> {
  /** Turns a fresh response into what is journaled. */
  @FunctionalInterface
  interface Judge<R> {
    /**
     * The reply as it is journaled.
     *
     * @param reserved what is charged where the provider does not tell the usage
     * @param lost what earlier attempts are charged
     */
    R on(ChatResponse response, long reserved, long lost);
  }

  private final Supplier<ChatResponse> model;
  private final Judge<R> judge;
  private final AtomicInteger free = new AtomicInteger();

  ModelAttempts(Supplier<ChatResponse> model, Judge<R> judge) {
    this.model = model;
    this.judge = judge;
  }

  R reply(ModelCall call) {
    int attempt = Effect.attempt().map(Effect.Attempt::number).orElse(1);
    ChatResponse response;
    try {
      response = model.get();
    } catch (RuntimeException thrown) {
      if (!new ModelFailures().of(thrown).mayHaveHappened()) {
        free.incrementAndGet();
      }
      throw thrown;
    }
    long lost = Math.max(0, attempt - 1 - free.get());
    return judge.on(response, call.tokensReserved(), lost * call.tokensReserved());
  }
}

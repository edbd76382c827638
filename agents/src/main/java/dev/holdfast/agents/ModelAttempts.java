package dev.holdfast.agents;

import dev.holdfast.journal.Failure;
import dev.holdfast.kernel.Effect;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The attempts at one model call, and what they cost.
 *
 * <p>An attempt whose answer was lost, by a crash or a timeout, is charged its reservation, since
 * the provider may have charged for it too; one that is known to have done nothing is free.
 */
final class ModelAttempts<R> {
  /** Turns what came of an attempt into what is journaled. */
  @FunctionalInterface
  interface Judge<R> {
    /**
     * The reply as it is journaled.
     *
     * @param reserved what is charged where the provider does not tell the usage
     * @param lost what earlier attempts are charged
     */
    R on(ChatResponse response, long reserved, long lost);

    /** What stands for a reply that its provider could not read; empty where it is asked again. */
    default Optional<R> onUnreadable(long charged) {
      return Optional.empty();
    }
  }

  private final Supplier<ChatResponse> model;
  private final Judge<R> judge;
  private final AtomicInteger free = new AtomicInteger();

  ModelAttempts(Supplier<ChatResponse> model, Judge<R> judge) {
    this.model = model;
    this.judge = judge;
  }

  R reply(ModelCall call) {
    ChatResponse response;
    try {
      response = model.get();
    } catch (RuntimeException thrown) {
      return instead(call, thrown);
    }
    return judge.on(response, call.tokensReserved(), lost(call));
  }

  private R instead(ModelCall call, RuntimeException thrown) {
    Failure failure = new ModelFailures().of(thrown);
    if (ModelFailures.isModelError(failure)) {
      Optional<R> standing = judge.onUnreadable(call.tokensReserved() + lost(call));
      if (standing.isPresent()) {
        return standing.get();
      }
    }
    if (!failure.mayHaveHappened()) {
      free.incrementAndGet();
    }
    throw thrown;
  }

  private long lost(ModelCall call) {
    int attempt = Effect.attempt().map(Effect.Attempt::number).orElse(1);
    return Math.max(0, attempt - 1 - free.get()) * call.tokensReserved();
  }
}

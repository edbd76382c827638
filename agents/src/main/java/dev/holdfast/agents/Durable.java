package dev.holdfast.agents;

import dev.langchain4j.service.AiServiceContext;
import dev.langchain4j.service.AiServices;

/**
 * LangChain4j agents whose model calls, tool calls and memory are steps of a durable run.
 *
 * <p>Build the agent as before, with {@link #aiServices} in the place of {@code
 * AiServices.builder}; register it with a Holdfast and call it by {@code agents.run(id, a ->
 * a.chat(…))}, or call it in a workflow. The agent takes part in {@link
 * dev.holdfast.kernel.Run#current()}.
 */
public final class Durable {
  /**
   * The failure code of a run whose chat memory was changed by somebody else while it went on; the
   * memory is left as they made it.
   */
  public static final String MEMORY_CONFLICT = "memory-conflict";

  /** What a durable agent does with a call that is made outside of every run. */
  public enum Outside {
    /** It throws an {@link IllegalStateException}: the default. */
    REFUSE,
    /** It logs a warning and answers as LangChain4j would, with nothing journaled. */
    WARN
  }

  private Durable() {}

  /**
   * Begins a durable agent; used as {@code AiServices.builder(type)} is.
   *
   * @param type the agent's interface
   */
  public static <T> DurableServices<T> aiServices(Class<T> type) {
    AiServiceContext context = AiServiceContext.create(type);
    AiServices<T> plain = AiServices.builder(context);
    return plain instanceof DurableServices<T> durable ? durable : aiServices(context, plain);
  }

  /**
   * Makes the agents durable that this builder builds; for LangChain4j's extension points.
   *
   * @param context what the builder writes to
   * @param plain a builder on that context
   */
  public static <T> DurableServices<T> aiServices(AiServiceContext context, AiServices<T> plain) {
    return new DurableServices<>(context, plain);
  }
}

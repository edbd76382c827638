package dev.holdfast.langchain4jauto;

import dev.holdfast.agents.Durable;
import dev.langchain4j.service.AiServiceContext;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.spi.services.AiServicesFactory;
import java.lang.reflect.Constructor;
import java.util.Locale;

/**
 * LangChain4j's way to another kind of AiServices: with this on the class path each of them is
 * durable, also inside {@code langchain4j-agentic}; made by LangChain4j, safe for many threads.
 *
 * <p>The system property {@value #OUTSIDE} says what becomes of calls outside of every run: {@code
 * refuse} (the default) or {@code warn}.
 */
public final class DurableFactory implements AiServicesFactory {
  /** The system property for calls outside of every run. */
  public static final String OUTSIDE = "holdfast.langchain4j.outside";

  private static final String PLAIN = "dev.langchain4j.service.DefaultAiServices";

  /** For LangChain4j's service loader. */
  public DurableFactory() {}

  @Override
  public <T> AiServices<T> create(AiServiceContext context) {
    return Durable.aiServices(context, DurableFactory.<T>plain(context)).outside(outside());
  }

  private static Durable.Outside outside() {
    String said = System.getProperty(OUTSIDE, "refuse");
    return switch (said.toLowerCase(Locale.ROOT)) {
      case "refuse" -> Durable.Outside.REFUSE;
      case "warn" -> Durable.Outside.WARN;
      default ->
          throw new IllegalArgumentException(
              "The system property %s is '%s'; it must be refuse or warn."
                  .formatted(OUTSIDE, said));
    };
  }

  /** LangChain4j's own builder has no public constructor. */
  @SuppressWarnings("unchecked") // the builder's type is that of its context
  private static <T> AiServices<T> plain(AiServiceContext context) {
    try {
      Constructor<?> constructor =
          Class.forName(PLAIN).getDeclaredConstructor(AiServiceContext.class);
      constructor.setAccessible(true);
      return (AiServices<T>) constructor.newInstance(context);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "%s cannot be made: this version of LangChain4j is not the one that was built against."
                  .formatted(PLAIN)
              + " Use that one, or take this jar away and build agents with Durable.aiServices.",
          e);
    }
  }
}

package dev.holdfast.agents;

import dev.holdfast.kernel.spi.Classifier;
import dev.holdfast.kernel.spi.Transactions;
import dev.langchain4j.service.AiServiceContext;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.search.ToolSearchStrategy;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * LangChain4j's builder of an agent, and what a durable one may need to be told beside; not safe
 * for use by several threads.
 *
 * <p>Name the settings that are ours first, since LangChain4j's return its own type. Its handlers
 * of tool errors are replaced: a model gets valid names, the schema or a typed summary, never an
 * exception's text.
 */
public final class DurableServices<T> extends AiServices<T> {
  private final AiServices<T> plain;
  private final List<Object> toolObjects = new ArrayList<>();
  private Optional<Decoration> decoration = Optional.empty();
  private Contracts contracts = Contracts.NONE;
  private Optional<Transactions<Connection>> transactions = Optional.empty();
  private Classifier classifier = thrown -> Optional.empty();
  private Budget budget = Budget.DEFAULT;
  private int repairsMax = 3;
  private int resultCharactersMax = 64 << 10;
  private Duration modelTimeout = Duration.ofMinutes(2);
  private Duration memoryWait = Duration.ofMinutes(10);
  private Durable.Outside outside = Durable.Outside.REFUSE;

  DurableServices(AiServiceContext context, AiServices<T> plain) {
    super(context);
    this.plain = plain;
  }

  /**
   * The contracts of tools that carry no {@link Effect}; default none. A tool that declares nothing
   * is {@code ONCE}: nothing repeats it, and where its outcome is unknown the model is told so.
   */
  public DurableServices<T> contracts(Contracts changed) {
    contracts = changed;
    return this;
  }

  /** Where {@code TRANSACTIONAL} tools get their connection from. */
  public DurableServices<T> transactions(Transactions<Connection> changed) {
    transactions = Optional.of(changed);
    return this;
  }

  /** Says what exceptions of tools mean, before the built-in rules; messages are left out. */
  public DurableServices<T> classify(Classifier changed) {
    classifier = changed;
    return this;
  }

  /** How much one call of the agent may use; default {@link Budget#DEFAULT}. */
  public DurableServices<T> budget(Budget changed) {
    budget = changed;
    return this;
  }

  /** Unusable replies in a row that the model may correct, 0 to 100; default 3. */
  public DurableServices<T> repairsMax(int changed) {
    repairsMax = changed;
    return this;
  }

  /** The longest tool result that the model sees, 100 to 16 Mi; default 64 Ki characters. */
  public DurableServices<T> resultCharactersMax(int changed) {
    resultCharactersMax = changed;
    return this;
  }

  /** How long one model call may take, at most a day; default 2 minutes. */
  public DurableServices<T> modelTimeout(Duration changed) {
    modelTimeout = changed;
    return this;
  }

  /**
   * How long a run waits for another that uses the same chat memory, at most a day; default 10
   * minutes.
   */
  public DurableServices<T> memoryWait(Duration changed) {
    memoryWait = changed;
    return this;
  }

  /** What becomes of a call outside of every run; default {@link Durable.Outside#REFUSE}. */
  public DurableServices<T> outside(Durable.Outside changed) {
    outside = changed;
    return this;
  }

  @Override
  public DurableServices<T> tools(Object... objects) {
    return tools(List.of(objects));
  }

  @Override
  public DurableServices<T> tools(Collection<Object> objects) {
    super.tools(objects);
    toolObjects.addAll(objects);
    return this;
  }

  @Override
  public AiServices<T> toolProvider(ToolProvider provider) {
    return super.toolProvider(new ProvidedTools(provider));
  }

  @Override
  public AiServices<T> toolProviders(ToolProvider... providers) {
    return toolProviders(List.of(providers));
  }

  @Override
  public AiServices<T> toolProviders(Collection<ToolProvider> providers) {
    return super.toolProviders(providers.stream().<ToolProvider>map(ProvidedTools::new).toList());
  }

  /**
   * Refused: what it finds would be called un-journaled.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public AiServices<T> toolSearchStrategy(ToolSearchStrategy strategy) {
    throw new UnsupportedOperationException(
        "A durable agent cannot search for tools, since what the search adds would be called"
            + " un-journaled. Give it its tools, or a ToolProvider.");
  }

  /**
   * Refused where it is switched on: LangChain4j would compensate un-journaled.
   *
   * @throws UnsupportedOperationException where it is switched on
   */
  @Override
  public AiServices<T> compensateOnToolErrors(boolean on) {
    if (on) {
      throw new UnsupportedOperationException(
          "A durable agent does not use LangChain4j's compensation, since a crash would lose or"
              + " repeat it. Give the tools contracts instead.");
    }
    return this;
  }

  /**
   * Makes the agent, whose calls within a run are journaled.
   *
   * @throws IllegalArgumentException where a setting or a tool method breaks its bounds
   */
  @Override
  public T build() {
    Decoration decorated =
        decoration.orElseGet(() -> new Decoration(context, adoption(), toolObjects));
    decoration = Optional.of(decorated);
    Object built = plain.build();
    Class<?> type = context.aiServiceClass;
    @SuppressWarnings("unchecked") // the context is that of the agent's interface
    T agent =
        (T)
            Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new AdoptedProxy(decorated, built));
    return agent;
  }

  private Adoption adoption() {
    return new Adoption(
        contracts,
        transactions,
        classifier,
        budget,
        repairsMax,
        resultCharactersMax,
        modelTimeout,
        memoryWait,
        outside);
  }
}

package dev.holdfast.agents;

import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.Classifier;
import dev.holdfast.kernel.spi.Transactions;
import dev.langchain4j.model.chat.ChatModel;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A workflow that answers one message with a model and its tools; safe for use by many runs.
 *
 * <p>Each model call and each tool call is a step of the run: after a crash the recorded ones come
 * back, and what was under way is recovered by its effect contract. The calls of one reply run side
 * by side where all of them only read or are idempotent, else one after another in the model's
 * order. Arguments are checked against the tool's schema before anything runs; a model that errs is
 * told how, and may try again a bounded number of times. Exceptions reach it as a code only.
 */
public final class Agent<O> implements Workflow<String, O> {
  private final Blueprint blueprint;
  private final Class<O> outputType;

  private Agent(Blueprint blueprint, Class<O> outputType) {
    this.blueprint = blueprint;
    this.outputType = outputType;
  }

  /** Begins an agent that answers in words. */
  public static Builder<String> named(String name) {
    return new Builder<>(name, String.class);
  }

  @Override
  public String name() {
    return blueprint.name();
  }

  @Override
  public String version() {
    return blueprint.version();
  }

  @Override
  public Class<String> inputType() {
    return String.class;
  }

  @Override
  public Class<O> outputType() {
    return outputType;
  }

  /**
   * The model's name as {@code model}, and digests of the {@code instructions} and of the schemas
   * of its {@code tools}, those of MCP servers left out: a run records what they list.
   */
  @Override
  public Map<String, String> manifest() {
    return blueprint.manifest();
  }

  @Override
  public O execute(Run run, String message) {
    return converse(run).say(message, outputType);
  }

  /** Begins a conversation within a workflow of the caller's; its turns are scopes of that run. */
  public Conversation converse(Run run) {
    return new Conversation(blueprint, run);
  }

  /** What an agent is made of; not safe for use by several threads. */
  public static final class Builder<O> {
    private final String name;
    private final Class<O> outputType;
    private String version = "1";
    private Optional<ChatModel> model = Optional.empty();
    private String instructions = "";
    private List<Object> tools = List.of();
    private Contracts contracts = Contracts.NONE;
    private Optional<Transactions<Connection>> transactions = Optional.empty();
    private Classifier classifier = thrown -> Optional.empty();
    private Budget budget = Budget.DEFAULT;
    private int repairsMax = 3;
    private int resultCharactersMax = 64 << 10;
    private Duration modelTimeout = Duration.ofMinutes(2);
    private Function<ToolCall, Optional<String>> recorded = call -> Optional.empty();

    private Builder(String name, Class<O> outputType) {
      this.name = name;
      this.outputType = outputType;
    }

    /** The workflow's version; default {@code 1}. */
    public Builder<O> version(String changed) {
      version = changed;
      return this;
    }

    /** The model; required. Its client's own retries belong off: the run retries. */
    public Builder<O> model(ChatModel changed) {
      model = Optional.of(changed);
      return this;
    }

    /** What the model is told before everything else; default nothing. */
    public Builder<O> instructions(String changed) {
      instructions = changed;
      return this;
    }

    /** Objects with LangChain4j's {@code @Tool} methods, and {@link McpServer}s; default none. */
    public Builder<O> tools(Object... changed) {
      tools = List.of(changed);
      return this;
    }

    /** The contracts of tools that carry no {@link Effect}; default none. */
    public Builder<O> contracts(Contracts changed) {
      contracts = changed;
      return this;
    }

    /** Where {@code TRANSACTIONAL} tools get their connection from. */
    public Builder<O> transactions(Transactions<Connection> changed) {
      transactions = Optional.of(changed);
      return this;
    }

    /** Says what exceptions of tools mean, before the built-in rules; messages are left out. */
    public Builder<O> classify(Classifier changed) {
      classifier = changed;
      return this;
    }

    /** How much a conversation may use; default {@link Budget#DEFAULT}. */
    public Builder<O> budget(Budget changed) {
      budget = changed;
      return this;
    }

    /** Unusable replies in a row that the model may correct, 0 to 100; default 3. */
    public Builder<O> repairsMax(int changed) {
      repairsMax = changed;
      return this;
    }

    /** The longest tool result that the model sees, 100 to 16 Mi; default 64 Ki characters. */
    public Builder<O> resultCharactersMax(int changed) {
      resultCharactersMax = changed;
      return this;
    }

    /** How long one model call may take, at most a day; default 2 minutes. */
    public Builder<O> modelTimeout(Duration changed) {
      modelTimeout = changed;
      return this;
    }

    /**
     * Answers tool calls from a recording: such a call is journaled as a read and neither checked
     * nor executed. Default none.
     */
    public Builder<O> answeredFromRecord(Function<ToolCall, Optional<String>> changed) {
      recorded = changed;
      return this;
    }

    /** The agent answers with that record instead of words; see {@link Conversation}. */
    public <T> Builder<T> answering(Class<T> type) {
      var typed = new Builder<>(name, type);
      typed.version = version;
      typed.model = model;
      typed.instructions = instructions;
      typed.tools = tools;
      typed.contracts = contracts;
      typed.transactions = transactions;
      typed.classifier = classifier;
      typed.budget = budget;
      typed.repairsMax = repairsMax;
      typed.resultCharactersMax = resultCharactersMax;
      typed.modelTimeout = modelTimeout;
      typed.recorded = recorded;
      return typed;
    }

    /**
     * Makes the agent.
     *
     * @throws IllegalStateException where the model is missing, an MCP server cannot be reached, or
     *     tools declare no contract; the message then holds a table ready to paste
     * @throws IllegalArgumentException where a setting or a tool method breaks its bounds
     */
    public Agent<O> build() {
      ChatModel chosen =
          model.orElseThrow(() ->
              new IllegalStateException(
                  "Agent '%s' has no model. Name one with model(…).".formatted(name)));
      Answer.of(outputType);
      Bounds.ofAgent(repairsMax, resultCharactersMax, modelTimeout);
      if (name.isBlank() || version.isBlank()) {
        throw new IllegalArgumentException(
            "An agent needs a name and a version, got '%s' and '%s'.".formatted(name, version));
      }
      ToolReader.Tools read = new ToolReader(name, contracts, transactions, classifier).read(tools);
      var blueprint =
          new Blueprint(
              name,
              version,
              chosen,
              instructions,
              read.methods(),
              read.sources(),
              budget,
              repairsMax,
              resultCharactersMax,
              modelTimeout,
              recorded);
      return new Agent<>(blueprint, outputType);
    }
  }
}

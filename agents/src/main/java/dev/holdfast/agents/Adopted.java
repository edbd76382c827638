package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import dev.langchain4j.agent.tool.ReturnBehavior;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.tool.DefaultToolExecutor;
import dev.langchain4j.service.tool.ToolExecutor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An adopted agent: what was said about it, and its tools.
 *
 * @param isConcurrent whether harmless tool calls of one reply may run side by side
 * @param roundTripsMax how many replies in a row may ask for tools
 * @param tools those that every call has, by name; grows where LangChain4j's builder is used on
 * @param warned the tools that declared nothing and were named in a warning
 */
record Adopted(
    String name,
    Adoption adoption,
    boolean isConcurrent,
    int roundTripsMax,
    Map<String, AgentTool> tools,
    Set<String> warned) {
  private static final System.Logger LOG = System.getLogger("dev.holdfast.agents");

  /** LangChain4j asks the model itself; what is shared with own agents does not. */
  private static final ChatModel NONE = new ChatModel() {};

  Adopted(String name, Adoption adoption, boolean isConcurrent, int roundTripsMax) {
    this(
        name,
        adoption,
        isConcurrent,
        roundTripsMax,
        new ConcurrentHashMap<>(),
        ConcurrentHashMap.newKeySet());
  }

  /** A tool of which only the executor is known; its method may still be annotated. */
  ForeignTool foreign(
      ToolSpecification specification, ToolExecutor executor, ReturnBehavior returns) {
    String tool = specification.name();
    var required = Set.copyOf(ForeignTool.complete(specification).parameters().required());
    Optional<ToolTerms> terms =
        declared(executor)
            .map(effect -> ToolTerms.of(effect, returns, required))
            .or(() -> adoption.contracts().of(tool).map(each -> ToolTerms.of(each, returns)));
    if (terms.isEmpty()) {
      warn(new TreeMap<>(Map.of(tool, Suggestions.suggest(tool))));
    }
    return new ForeignTool(
        specification,
        terms
            .orElseGet(() -> ToolTerms.undeclared(returns))
            .approved(adoption.contracts().approval(tool)),
        executor,
        adoption.classifier());
  }

  private static Optional<Effect> declared(ToolExecutor executor) {
    return executor instanceof DefaultToolExecutor method
        ? Optional.ofNullable(method.originalMethod().getAnnotation(Effect.class))
        : Optional.empty();
  }

  /** Says once for each tool that nobody knows what a repeat of it would do. */
  void warn(SortedMap<String, Contract> undeclared) {
    var fresh = new TreeMap<>(undeclared);
    fresh.keySet().removeIf(tool -> !warned.add(tool));
    if (!fresh.isEmpty()) {
      LOG.log(System.Logger.Level.WARNING, Suggestions.adoptedTable(name, fresh));
    }
  }

  AgentTool tool(String tool) {
    return Objects.requireNonNull(tools.get(tool), tool);
  }

  /** What own agents are made of, with these tools. */
  Blueprint blueprint(ToolBox box) {
    return new Blueprint(
        name,
        "1",
        NONE,
        "",
        box,
        List.of(),
        adoption.budget(),
        adoption.repairsMax(),
        adoption.resultCharactersMax(),
        adoption.modelTimeout(),
        call -> Optional.empty());
  }
}

package dev.holdfast.agents;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Run;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One call of an adopted agent within a run: LangChain4j goes its way, each touch is a step. */
final class AdoptedCall {
  private static final ThreadLocal<@Nullable AdoptedCall> CURRENT = new ThreadLocal<>();

  private final Adopted agent;
  private final Run run;
  private final Optional<JournaledModeration> moderation;
  private final Spending spending;
  private final Transcript transcript = new Transcript();
  private final Set<List<Object>> facts = new HashSet<>();
  private final Map<String, AgentTool> provided = new HashMap<>();
  private final Map<Object, MemoryTurn> memories = new LinkedHashMap<>();
  private @Nullable AdoptedRound round;
  private boolean isModerated;
  private int repairs;
  private int rounds;

  /**
   * Begins a call.
   *
   * @param moderation what checks the messages, where the agent's method asks for it
   */
  AdoptedCall(Adopted agent, Run run, Optional<JournaledModeration> moderation) {
    this.agent = agent;
    this.run = run;
    this.moderation = moderation;
    this.spending = new Spending(agent.adoption().budget());
  }

  /** The call within a run that the calling thread makes, if it makes one. */
  static Optional<AdoptedCall> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  /** Makes this the current call; a guardrail may make another one in between. */
  <T> T during(Callable<T> body) throws Exception {
    @Nullable AdoptedCall before = CURRENT.get();
    CURRENT.set(this);
    try {
      return body.call();
    } finally {
      CURRENT.set(before);
    }
  }

  /** LangChain4j's view of a memory of the user's. */
  ChatMemory memory(MemoryKeeper keeper, Object id) {
    return memories.computeIfAbsent(id, fresh -> new MemoryTurn(this, keeper, id)).open();
  }

  /** Writes what was said into the memories, now that the call has its answer. */
  void commit() {
    memories.values().forEach(MemoryTurn::commit);
  }

  /** Lets others to the memories; what was not written is forgotten. */
  void close() {
    memories.values().forEach(MemoryTurn::close);
  }

  Adopted agent() {
    return agent;
  }

  Run run() {
    return run;
  }

  Transcript transcript() {
    return transcript;
  }

  /** Adds a tool that a provider listed for this call. */
  void provide(AgentTool tool) {
    provided.put(tool.name(), tool);
  }

  /** The model's next reply, asked once in the life of the run. */
  ChatResponse chat(ChatRequest asked, Function<ChatRequest, ChatResponse> model) {
    checkRounds();
    if (!isModerated) {
      isModerated = true;
      moderation.ifPresent(each -> each.check(asked.messages()));
    }
    ToolBox box = box(asked);
    ChatRequest request =
        box.specifications().isEmpty()
            ? asked
            : asked.toBuilder().toolSpecifications(box.specifications()).build();
    AdoptedReply reply = ask(request, box, model);
    transcript.know(reply.message());
    judge(reply.said());
    round = new AdoptedRound(run, agent.blueprint(box), facts, reply.said(), agent.isConcurrent());
    return reply.response();
  }

  private AdoptedReply ask(
      ChatRequest request, ToolBox box, Function<ChatRequest, ChatResponse> model) {
    List<ModelCall.Said> added = transcript.next(request.messages());
    String schemas = box.canonical() + "\n" + format(request.responseFormat());
    long reserved =
        ModelStep.reservation(transcript.tokensEstimated(), schemas, request.maxOutputTokens());
    spending.reserve(run, reserved);
    var input =
        new ModelCall(
            Objects.requireNonNullElse(request.modelName(), "unnamed"),
            transcript.digest(),
            transcript.size(),
            Json.digest(schemas),
            added,
            reserved);
    AdoptedReply reply = run.effect("chat", input, asking(request, box, model));
    spending.charge(reply.said().tokensCharged());
    return reply;
  }

  private Effect<ModelCall, AdoptedReply> asking(
      ChatRequest request, ToolBox box, Function<ChatRequest, ChatResponse> model) {
    var verdicts = new Verdicts(agent.blueprint(box), Answer.of(String.class), transcript);
    var calling =
        new ModelAttempts<>(
            () -> ModelStep.checked(model.apply(request)),
            (response, set, lost) -> AdoptedReply.of(verdicts.on(response, set, lost), response));
    return ModelStep.effect(AdoptedReply.class, calling, agent.adoption().modelTimeout());
  }

  private static String format(@Nullable ResponseFormat format) {
    return format != null
            && format.jsonSchema() != null
            && format.jsonSchema().rootElement() instanceof JsonObjectSchema root
        ? Json.write(Json.schema(root))
        : String.valueOf(format);
  }

  /** The tools of a request, sorted: their order differs between starts of a Java runtime. */
  private ToolBox box(ChatRequest request) {
    List<ToolSpecification> shown =
        Objects.requireNonNullElse(request.toolSpecifications(), List.of());
    return new ToolBox(shown.stream().flatMap(each -> find(each.name()).stream()).toList());
  }

  private Optional<AgentTool> find(String name) {
    return Stream.of(agent.tools(), provided)
        .flatMap(tools -> Optional.ofNullable(tools.get(name)).stream())
        .findFirst();
  }

  private void checkRounds() {
    if (rounds >= agent.roundTripsMax()) {
      throw run.truncate(
          "maxToolCallingRoundTrips",
          "%,d replies in a row asked for tools, %,d allowed; raise maxToolCallingRoundTrips and"
                  .formatted(rounds, agent.roundTripsMax())
              + " resume");
    }
  }

  private void judge(Reply reply) {
    if (reply.isCutOff()) {
      throw run.truncate("reply", Reply.CUT_OFF);
    }
    if (reply.calls().isEmpty()) {
      rounds = 0;
      return;
    }
    rounds++;
    repairs = reply.hasRefusal() ? repairs + 1 : 0;
    if (repairs > agent.adoption().repairsMax()) {
      throw run.truncate(
          "repairs",
          "%d unusable replies of the model in a row, %d allowed"
              .formatted(repairs, agent.adoption().repairsMax()));
    }
  }

  /** What becomes of a tool call of the latest reply. */
  ToolCalls.Result tool(ToolExecutionRequest request, Optional<InvocationContext> context) {
    return Objects.requireNonNull(round, "a tool call follows a reply").result(request, context);
  }
}

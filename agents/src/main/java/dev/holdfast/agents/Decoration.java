package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.moderation.ModerationModel;
import dev.langchain4j.rag.RetrievalAugmentor;
import dev.langchain4j.service.AiServiceContext;
import dev.langchain4j.service.Moderate;
import dev.langchain4j.service.memory.ChatMemoryService;
import dev.langchain4j.service.tool.ToolErrorHandlerResult;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.service.tool.ToolService;
import java.lang.reflect.Method;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Puts journaled parts in the place of those that an agent was built from.
 *
 * <p>LangChain4j reads its context anew in each call, which is what this relies on; the context is
 * no public API, and the test {@code LangChain4jPartsTest} says what must hold of it.
 */
final class Decoration {
  private final AiServiceContext context;
  private final List<Object> toolObjects;
  private final Adopted agent;

  Decoration(AiServiceContext context, Adoption adoption, List<Object> toolObjects) {
    this.context = context;
    this.toolObjects = toolObjects;
    ToolService tools = context.toolService;
    this.agent =
        new Adopted(
            context.aiServiceClass.getSimpleName(),
            adoption,
            tools.executor() != null && tools.beforeToolExecution() == null,
            tools.maxToolCallingRoundTrips());
    renew();
  }

  /** What checks the messages of a method that asks for it. */
  Optional<JournaledModeration> moderation(Method method) {
    return method.isAnnotationPresent(Moderate.class)
            && context.moderationModel instanceof JournaledModeration journaled
        ? Optional.of(journaled)
        : Optional.empty();
  }

  Adopted agent() {
    return agent;
  }

  /** Decorates what is there, also what somebody put there since: nothing goes un-journaled. */
  synchronized void renew() {
    ChatModel model = context.chatModel;
    if (model != null && !(model instanceof AdoptedModel)) {
      context.chatModel = new AdoptedModel(model);
    }
    renewSurroundings();
    boolean isDecorated =
        context.toolService.toolExecutors().values().stream()
            .allMatch(AdoptedTool.class::isInstance);
    if (!isDecorated) {
      renewTools(context.toolService);
    }
    replaceErrorHandling(context.toolService);
  }

  private void renewSurroundings() {
    RetrievalAugmentor retrieval = context.retrievalAugmentor;
    if (retrieval != null && !(retrieval instanceof JournaledRetrieval)) {
      context.retrievalAugmentor = new JournaledRetrieval(retrieval, agent.adoption());
    }
    ModerationModel moderation = context.moderationModel;
    if (moderation != null && !(moderation instanceof JournaledModeration)) {
      context.moderationModel = new JournaledModeration(moderation, agent.adoption());
    }
    ChatMemoryService memories = context.chatMemoryService;
    if (memories != null && !(memories instanceof MemoryKeeper)) {
      context.chatMemoryService = new MemoryKeeper(memories);
    }
  }

  private void renewTools(ToolService tools) {
    Adoption adoption = agent.adoption();
    var reader =
        new ToolReader(
            agent.name(), adoption.contracts(), adoption.transactions(), adoption.classifier());
    toolObjects.stream()
        .flatMap(object -> reader.adopt(object).stream())
        .forEach(tool -> agent.tools().put(tool.name(), tool));
    agent.warn(reader.undeclared());
    List<ToolSpecification> specifications = tools.toolSpecifications();
    for (ToolSpecification each : specifications) {
      ToolExecutor executor =
          Objects.requireNonNull(tools.toolExecutors().get(each.name()), each.name());
      agent
          .tools()
          .computeIfAbsent(
              each.name(), name -> agent.foreign(each, executor, tools.returnBehavior(name)));
    }
    tools
        .toolExecutors()
        .replaceAll((name, plain) ->
            plain instanceof AdoptedTool ? plain : new AdoptedTool(agent.tool(name), plain));
    specifications.replaceAll(each -> agent.tool(each.name()).specification());
    specifications.sort(Comparator.comparing(ToolSpecification::name));
  }

  private void replaceErrorHandling(ToolService tools) {
    if (tools.executor() != null) {
      tools.executeToolsConcurrently(Runnable::run);
    }
    tools.hallucinatedToolNameStrategy(this::unknown);
    tools.argumentsErrorHandler((error, at) ->
        ToolErrorHandlerResult.text(
            Told.badArguments(
                at.toolExecutionRequest().name(),
                List.of("they cannot be read"),
                schema(at.toolExecutionRequest().name()))));
    tools.executionErrorHandler((error, at) ->
        ToolErrorHandlerResult.text(
            Told.failure(
                contract(at.toolExecutionRequest().name()),
                new ToolFailures(List.of(), agent.adoption().classifier()).of(error))));
  }

  private Contract contract(String tool) {
    return Optional.ofNullable(agent.tools().get(tool))
        .map(AgentTool::contract)
        .orElse(Contract.ONCE);
  }

  private Object schema(String tool) {
    return Optional.ofNullable(agent.tools().get(tool))
        .map(each -> Json.schema(each.specification().parameters()))
        .orElse("");
  }

  private ToolExecutionResultMessage unknown(ToolExecutionRequest request) {
    String told =
        AdoptedCall.current()
            .map(call -> call.tool(request, Optional.empty()).text())
            .orElseGet(() -> Told.unknownTool(request.name(), List.copyOf(agent.tools().keySet())));
    return ToolExecutionResultMessage.from(request, told);
  }
}

package dev.holdfast.agents;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.KnownFailure;
import dev.langchain4j.agent.tool.ReturnBehavior;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.AiServiceTool;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.ToolProviderRequest;
import dev.langchain4j.service.tool.ToolProviderResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A provider of an adopted agent's tools: within a run its list is journaled, so that a replay
 * shows the model the same, whatever it lists by then.
 */
record ProvidedTools(ToolProvider provider) implements ToolProvider {
  /** What a provider listed; journaled. */
  record Listed(List<Item> tools) {
    /** Copies the tools. */
    Listed {
      tools = List.copyOf(tools);
    }
  }

  /** One tool, with its schema as JSON and that one's digest. */
  record Item(String specification, String digest, ReturnBehavior returns) {
    static Item of(AiServiceTool tool) {
      String json = tool.toolSpecification().toJson();
      return new Item(json, digestOf(tool.toolSpecification()), tool.returnBehavior());
    }
  }

  @Override
  public boolean isDynamic() {
    return provider.isDynamic();
  }

  @Override
  public @Nullable ToolProviderResult provideTools(ToolProviderRequest request) {
    Optional<AdoptedCall> call = AdoptedCall.current();
    return call.isPresent() ? provided(call.get(), request) : provider.provideTools(request);
  }

  private ToolProviderResult provided(AdoptedCall call, ToolProviderRequest request) {
    var live = new AtomicReference<Optional<List<AiServiceTool>>>(Optional.empty());
    Effect<String, Listed> effect =
        Effect.<String, Listed>read(
                Listed.class,
                asked -> {
                  List<AiServiceTool> tools = list(request);
                  live.set(Optional.of(tools));
                  return new Listed(tools.stream().map(Item::of).toList());
                })
            .kind("tools")
            .classify(new ToolFailures(List.of(), call.agent().adoption().classifier()));
    Listed listed = call.run().effect("provide", "", effect);
    var tools = new ArrayList<AiServiceTool>();
    for (Item item : listed.tools()) {
      var executor = new Late(item, live, request);
      tools.add(adopted(call, item, executor));
    }
    return new ToolProviderResult(tools);
  }

  private List<AiServiceTool> list(ToolProviderRequest request) {
    ToolProviderResult result = provider.provideTools(request);
    return result == null
        ? List.of()
        : result.aiServiceTools().stream()
            .sorted(Comparator.comparing(AiServiceTool::name))
            .toList();
  }

  private static AiServiceTool adopted(AdoptedCall call, Item item, ToolExecutor executor) {
    ToolSpecification specification = ToolSpecification.fromJson(item.specification());
    AgentTool tool = call.agent().foreign(specification, executor, item.returns());
    call.provide(tool);
    return AiServiceTool.builder()
        .toolSpecification(tool.specification())
        .toolExecutor(new AdoptedTool(tool, executor))
        .returnBehavior(item.returns())
        .build();
  }

  private static String digestOf(ToolSpecification specification) {
    return Json.digest(Json.write(ToolBox.canonical(ForeignTool.complete(specification))));
  }

  /** The provider's executor, looked up when a call needs it: a replay may never do. */
  private final class Late implements ToolExecutor {
    private final Item item;
    private final AtomicReference<Optional<List<AiServiceTool>>> live;
    private final ToolProviderRequest request;

    Late(
        Item item,
        AtomicReference<Optional<List<AiServiceTool>>> live,
        ToolProviderRequest request) {
      this.item = item;
      this.live = live;
      this.request = request;
    }

    @Override
    public String execute(ToolExecutionRequest asked, @Nullable Object memoryId) {
      return find().execute(asked, memoryId);
    }

    @Override
    public ToolExecutionResult executeWithContext(
        ToolExecutionRequest asked, InvocationContext context) {
      return find().executeWithContext(asked, context);
    }

    private ToolExecutor find() {
      List<AiServiceTool> tools =
          live.updateAndGet(known -> known.isPresent() ? known : Optional.of(list(request)))
              .orElseThrow();
      return tools.stream()
          .filter(tool -> digestOf(tool.toolSpecification()).equals(item.digest()))
          .findFirst()
          .map(AiServiceTool::toolExecutor)
          .orElseThrow(() ->
              KnownFailure.notSent(
                  Told.OUTDATED, "The provider changed the tool, or lists it no more."));
    }
  }
}

package dev.holdfast.agents;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Limits;
import dev.holdfast.kernel.spi.Classifier;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A tool of which nothing is known but LangChain4j's executor, such as a provider's. */
record ForeignTool(
    ToolSpecification specification, ToolTerms terms, ToolExecutor executor, Classifier classifier)
    implements AgentTool {
  private static final String LEFT_OUT =
      "The tool answered with something that is not text; it is left out.";

  /** Gives a tool without parameters an empty schema, and checks the contract. */
  ForeignTool {
    specification = complete(specification);
    switch (terms.contract()) {
      case READ, IDEMPOTENT, ONCE -> {}
      case KEYED, VERIFIED, TRANSACTIONAL ->
          throw new IllegalArgumentException(
              "Tool '%s' cannot be %s, since a ToolExecutor takes neither key nor connection. Give"
                      .formatted(specification.name(), terms.contract())
                  + " the agent an object with @Tool methods, or declare READ, IDEMPOTENT or"
                  + " ONCE.");
    }
  }

  /** The same tool, with a schema also where it takes nothing. */
  static ToolSpecification complete(ToolSpecification specification) {
    return specification.parameters() != null
        ? specification
        : specification.toBuilder().parameters(JsonObjectSchema.builder().build()).build();
  }

  @Override
  public List<String> problems(Map<String, Object> arguments) {
    return SchemaCheck.problems(specification.parameters(), arguments);
  }

  @Override
  public Effect<Map<String, Object>, String> effect(CallSite site, Map<String, Object> arguments) {
    Effect<Map<String, Object>, String> effect =
        withContract(site)
            .kind("tool")
            .onDoubt(terms.onDoubt())
            .classify(new ToolFailures(terms.rejectedOn(), classifier));
    if (terms.timeout().isPresent()) {
      effect = effect.timeout(terms.timeout().get());
    }
    return terms.attemptsMax() > 0
        ? effect.retry(Limits.DEFAULT.retry().attempts(terms.attemptsMax()))
        : effect;
  }

  private Effect<Map<String, Object>, String> withContract(CallSite site) {
    return switch (terms.contract()) {
      case READ -> Effect.read(String.class, input -> call(site));
      case IDEMPOTENT -> Effect.idempotent(String.class, input -> call(site));
      case KEYED, VERIFIED, TRANSACTIONAL, ONCE ->
          Effect.once(String.class, (key, input) -> call(site));
    };
  }

  private String call(CallSite site) {
    InvocationContext context =
        site.given().get(InvocationContext.class) instanceof InvocationContext given
            ? given
            : InvocationContext.builder().build();
    ToolExecutionResult result = executor.executeWithContext(site.call().request(), context);
    String text = text(result);
    return result.isError() ? Told.toolError(text) : text;
  }

  private static String text(ToolExecutionResult result) {
    boolean isText =
        result.resultContents().stream().allMatch(content -> content instanceof TextContent);
    String text =
        result.resultContents().stream()
            .filter(TextContent.class::isInstance)
            .map(each -> ((TextContent) each).text())
            .collect(Collectors.joining("\n"));
    return isText ? text : (text + "\n" + LEFT_OUT).strip();
  }
}

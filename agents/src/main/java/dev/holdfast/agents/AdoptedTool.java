package dev.holdfast.agents;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.KnownFailure;
import dev.langchain4j.agent.tool.ReturnBehavior;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A tool in LangChain4j's hands: within a run its calls are steps of that. */
final class AdoptedTool implements ToolExecutor {
  private final AgentTool tool;
  private final ToolExecutor plain;

  AdoptedTool(AgentTool tool, ToolExecutor plain) {
    this.tool = tool;
    this.plain = plain;
  }

  @Override
  public String execute(ToolExecutionRequest request, @Nullable Object memoryId) {
    var context = InvocationContext.builder().chatMemoryId(memoryId).build();
    return executeWithContext(request, context).resultText();
  }

  @Override
  public ToolExecutionResult executeWithContext(
      ToolExecutionRequest request, InvocationContext context) {
    Optional<AdoptedCall> call = AdoptedCall.current();
    if (call.isEmpty()) {
      checkNeedsNoRun();
      return plain.executeWithContext(request, context);
    }
    try {
      return result(call.get().tool(request, Optional.of(context)));
    } catch (RuntimeException thrown) {
      throw new Escape(thrown);
    }
  }

  /** Outside of a run there is neither a key nor anybody who was asked to approve. */
  private void checkNeedsNoRun() {
    boolean needsKey =
        tool instanceof BoundTool bound
            && Stream.of(RunContext.class, IdempotencyKey.class, Connection.class)
                .anyMatch(bound.method()::takes);
    if (needsKey || tool.terms().approval().isPresent()) {
      throw KnownFailure.notSent("outside-of-run", "The tool can be called within a run only.");
    }
  }

  private ToolExecutionResult result(ToolCalls.Result result) {
    var built = ToolExecutionResult.builder().isError(result.isError()).resultText(result.text());
    if (!result.isError() && tool.terms().returns() != ReturnBehavior.TO_LLM) {
      built.result(object(result.text()));
    }
    return built.build();
  }

  /** The object that the agent's method returns in the place of the model's words. */
  private @Nullable Object object(String text) {
    if (!(tool instanceof BoundTool bound)) {
      return text;
    }
    Method method = bound.method().method();
    return method.getReturnType() == void.class ? null : bind(text, method);
  }

  private @Nullable Object bind(String text, Method method) {
    try {
      return method.getReturnType() == String.class
          ? text
          : Json.bind(Json.read(text), method.getGenericReturnType());
    } catch (Json.Malformed | IllegalArgumentException e) {
      throw new IllegalStateException(
          "The result of tool '%s' is the agent's answer, but it cannot be read as %s. It may be"
                  .formatted(tool.name(), method.getReturnType().getSimpleName())
              + " longer than resultCharactersMax.",
          e);
    }
  }
}

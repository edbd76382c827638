package dev.holdfast.agents;

import dev.holdfast.kernel.Run;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolMemoryId;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.invocation.InvocationParameters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tool calls of one reply, performed when LangChain4j asks for them. */
final class AdoptedRound {
  private final Run run;
  private final Blueprint agent;
  private final Set<List<Object>> facts;
  private final Reply reply;
  private final boolean isConcurrent;
  private final Map<String, ToolCalls.Result> done = new HashMap<>();

  AdoptedRound(Run run, Blueprint agent, Set<List<Object>> facts, Reply reply, boolean concurrent) {
    this.run = run;
    this.agent = agent;
    this.facts = facts;
    this.reply = reply;
    this.isConcurrent = concurrent;
  }

  ToolCalls.Result result(ToolExecutionRequest request, Optional<InvocationContext> context) {
    Reply.Call call =
        reply.calls().stream()
            .filter(each -> each.tool().id().equals(request.id()))
            .findFirst()
            .orElseThrow(() ->
                new IllegalStateException(
                    "LangChain4j executes tool call '%s', which the model's reply does not hold."
                        .formatted(request.id())));
    if (!done.containsKey(request.id())) {
      perform(call, new ToolCalls(agent, facts, context.map(AdoptedRound::given).orElse(Map.of())));
    }
    return Optional.ofNullable(done.get(request.id())).orElseThrow();
  }

  /** All at once where the user asked for that and no order could do harm, else only this one. */
  private void perform(Reply.Call call, ToolCalls tools) {
    List<Reply.Call> going =
        reply.calls().stream().filter(each -> each.verdict() == Reply.Verdict.EXECUTE).toList();
    boolean all =
        isConcurrent
            && done.isEmpty()
            && going.contains(call)
            && going.stream().allMatch(tools::isHarmless);
    List<ToolCalls.Result> results =
        tools.perform(run, all ? reply.with(going) : reply.with(List.of(call)));
    results.forEach(result -> done.put(result.call().id(), result));
  }

  /** What LangChain4j's own loop would inject. */
  private static Map<Class<?>, Object> given(InvocationContext context) {
    var given = new HashMap<Class<?>, Object>();
    given.put(InvocationContext.class, context);
    Optional.ofNullable(context.invocationParameters())
        .ifPresent(parameters -> given.put(InvocationParameters.class, parameters));
    Optional.ofNullable(context.chatMemoryId()).ifPresent(id -> given.put(ToolMemoryId.class, id));
    Optional.ofNullable(context.managedParameters()).ifPresent(given::putAll);
    return given;
  }
}

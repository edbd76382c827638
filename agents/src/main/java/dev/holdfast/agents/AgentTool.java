package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.RunId;
import dev.holdfast.kernel.Effect;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.List;
import java.util.Map;

/** A tool as an agent uses it: what the model is shown, and the effect that a call is. */
interface AgentTool {
  /**
   * The model's call that an effect is made for.
   *
   * @param given what else a method may ask for, by type
   */
  record CallSite(RunId run, ToolCall call, Map<Class<?>, Object> given) {
    CallSite(RunId run, ToolCall call) {
      this(run, call, Map.of());
    }

    RunContext at(Effect.Attempt attempt) {
      return new RunContext(run, attempt.path(), call.id(), attempt.number());
    }
  }

  /** What the model is shown. */
  ToolSpecification specification();

  /** What a repeat would do. */
  ToolTerms terms();

  /** Why the arguments cannot be used; none where they can. */
  List<String> problems(Map<String, Object> arguments);

  /** The effect of one call with these arguments. */
  Effect<Map<String, Object>, String> effect(CallSite site, Map<String, Object> arguments);

  /** The name by which the model calls it. */
  default String name() {
    return specification().name();
  }

  /** The contract of its effect. */
  default Contract contract() {
    return terms().contract();
  }
}

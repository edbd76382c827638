package dev.holdfast.agents;

import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.Run;
import dev.langchain4j.agent.tool.ReturnBehavior;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * Executes the tool calls of a reply.
 *
 * <p>They run side by side where every one of them is a read or idempotent without an intent; else
 * one after another in the model's order, so that a doubt stops what comes behind it. A call that
 * fails does not keep the others from running.
 */
final class ToolCalls {
  /** What became of a call. */
  record Result(ToolCall call, String text, boolean isError) {}

  private final Blueprint agent;
  private final Set<List<Object>> facts;
  private final Map<Class<?>, Object> given;
  private final AtomicBoolean outdated = new AtomicBoolean();

  /**
   * Begins a turn's calls.
   *
   * @param facts the business facts that happened in the conversation; grows
   */
  ToolCalls(Blueprint agent, Set<List<Object>> facts) {
    this(agent, facts, Map.of());
  }

  /**
   * Begins calls of tools that may ask for more.
   *
   * @param given what it is, by type
   */
  ToolCalls(Blueprint agent, Set<List<Object>> facts, Map<Class<?>, Object> given) {
    this.agent = agent;
    this.facts = facts;
    this.given = given;
  }

  List<Result> perform(Run turn, Reply reply) {
    List<Integer> going =
        IntStream.range(0, reply.calls().size())
            .filter(i -> reply.calls().get(i).verdict() != Reply.Verdict.REFUSE)
            .boxed()
            .toList();
    boolean sideBySide =
        going.size() > 1 && going.stream().map(reply.calls()::get).allMatch(this::isHarmless);
    Map<Integer, Result> done =
        sideBySide ? together(turn, reply, going) : inOrder(turn, reply, going);
    var results = new ArrayList<Result>();
    for (int i = 0; i < reply.calls().size(); i++) {
      Reply.Call call = reply.calls().get(i);
      results.add(
          call.refusal().isPresent()
              ? new Result(call.tool(), call.refusal().get(), true)
              : Optional.ofNullable(done.get(i)).orElseThrow());
    }
    return results;
  }

  boolean isHarmless(Reply.Call call) {
    return call.verdict() == Reply.Verdict.RECORDED || tool(call.tool()).terms().isHarmless();
  }

  private AgentTool tool(ToolCall call) {
    return agent
        .tools()
        .find(call.name())
        .orElseThrow(() ->
            new IllegalStateException(
                "Agent %s has no tool '%s' any more, but a run that has not ended calls it. Keep"
                        .formatted(agent.name(), call.name())
                    + " it until such runs have ended, then resume this one."));
  }

  private Map<Integer, Result> together(Run turn, Reply reply, List<Integer> going) {
    List<Run.Branch<Result>> branches =
        going.stream()
            .map(i ->
                new Run.Branch<>(
                    Integer.toString(i), branch -> perform(branch, reply.calls().get(i))))
            .toList();
    List<Result> results = turn.parallel("tools", branches);
    var done = new TreeMap<Integer, Result>();
    for (int i = 0; i < going.size(); i++) {
      done.put(going.get(i), results.get(i));
    }
    return done;
  }

  private Map<Integer, Result> inOrder(Run turn, Reply reply, List<Integer> going) {
    var done = new TreeMap<Integer, Result>();
    for (int i : going) {
      done.put(i, perform(turn, reply.calls().get(i)));
    }
    return done;
  }

  private Result perform(Run run, Reply.Call call) {
    ToolCall tool = call.tool();
    if (call.verdict() == Reply.Verdict.RECORDED) {
      String text = run.effect(stepName(tool), tool, replayed(tool));
      return new Result(tool, Told.bounded(text, agent.resultCharactersMax()), false);
    }
    AgentTool bound = tool(tool);
    var site = new AgentTool.CallSite(run.id(), tool, given);
    Map<String, Object> arguments = arguments(tool);
    Optional<String> refusal = refusal(run, bound, arguments);
    if (refusal.isPresent()) {
      return new Result(tool, refusal.get(), true);
    }
    try {
      String text = run.effect(tool.name(), arguments, bound.effect(site, arguments));
      return new Result(tool, noted(bound, arguments, text), Told.isToolError(text));
    } catch (EffectFailed failed) {
      if (failed.failure().code().equals(Told.OUTDATED)) {
        outdated.set(true);
      }
      String told = Told.failure(bound.contract(), failed);
      return new Result(tool, Told.bounded(told, agent.resultCharactersMax()), true);
    }
  }

  /** Approval comes before the intent: nothing is begun that nobody may want. */
  private Optional<String> refusal(Run run, AgentTool tool, Map<String, Object> arguments) {
    return tool.terms()
        .approval()
        .flatMap(approval ->
            approval.refusal(
                run,
                new ToolApproval.Question(agent.name(), tool.name(), tool.contract(), arguments)));
  }

  private String noted(AgentTool tool, Map<String, Object> arguments, String text) {
    String shown = Told.bounded(text, agent.resultCharactersMax());
    boolean isNew =
        tool.terms()
            .intent()
            .map(intent -> List.<Object>of(intent.name(), List.of(intent.values(arguments))))
            .map(facts::add)
            .orElse(true);
    return isNew ? shown : Told.repeated(shown);
  }

  private Effect<ToolCall, String> replayed(ToolCall call) {
    return Effect.<ToolCall, String>read(
            String.class, asked -> agent.recorded().apply(call).orElseThrow())
        .kind("tool")
        .cheap();
  }

  private static Map<String, Object> arguments(ToolCall call) {
    try {
      return Arguments.read(call.arguments());
    } catch (Json.Malformed e) {
      throw new IllegalStateException("Accepted arguments can be read no more.", e);
    }
  }

  /** The name of any tool that a model may have made up, in the form that a path allows. */
  private static String stepName(ToolCall call) {
    String name = call.name().replace('/', '.').replace('#', '.');
    String bounded = name.substring(0, Math.min(name.length(), StepPath.NAME_LENGTH_MAX));
    return bounded.isBlank() ? "unnamed" : bounded;
  }

  /** Whether a call found its tool changed; the tools must be listed anew. */
  boolean foundOutdated() {
    return outdated.get();
  }

  /** The result that ends the turn, where the tools that were called say that theirs do. */
  Optional<Result> ending(List<Result> results) {
    if (results.isEmpty() || results.stream().anyMatch(Result::isError)) {
      return Optional.empty();
    }
    boolean all = results.stream().allMatch(each -> returns(each) == ReturnBehavior.IMMEDIATE);
    boolean last = returns(results.getLast()) == ReturnBehavior.IMMEDIATE_IF_LAST;
    return all || last ? Optional.of(results.getLast()) : Optional.empty();
  }

  private ReturnBehavior returns(Result result) {
    return agent
        .tools()
        .find(result.call().name())
        .map(tool -> tool.terms().returns())
        .orElse(ReturnBehavior.TO_LLM);
  }
}

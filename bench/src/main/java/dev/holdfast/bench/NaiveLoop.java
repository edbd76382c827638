package dev.holdfast.bench;

import dev.holdfast.examples.RetailCall;
import dev.holdfast.examples.RetailEpisode.Told;
import dev.holdfast.examples.RetailScript;
import dev.holdfast.examples.RetailScript.Expected;
import dev.holdfast.examples.RetailWorld;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The loop that everybody writes first: model, tools, model, in memory. After a crash it starts the
 * conversation again, since that is all it can do. For one conversation and one thread.
 */
final class NaiveLoop {
  /**
   * Where a crash strikes.
   *
   * @param replies how many replies the model had given
   * @param writes how many calls of writing tools had been executed
   */
  record Crash(int replies, int writes) {}

  /** Ends one life of the loop. */
  private static final class Crashed extends Exception {
    private static final long serialVersionUID = 1L;

    Crashed() {
      super(null, null, false, false);
    }
  }

  private final RetailScript script;
  private final RetailWorld world;
  private final Map<String, Expected> expected = new HashMap<>();
  private final Map<String, Told> told = new HashMap<>();
  private int heard;
  private int modelCallsRedone;
  private Optional<Crash> crash = Optional.empty();
  private int replies;
  private int writes;

  NaiveLoop(RetailScript script, RetailWorld world) {
    this.script = script;
    this.world = world;
    script.expected().forEach(each -> expected.put(each.call().id(), each));
  }

  /** Plays through these crashes, one life each, and then to the end. */
  void play(List<Crash> crashes) {
    for (Crash each : crashes) {
      live(Optional.of(each));
    }
    live(Optional.empty());
  }

  private void live(Optional<Crash> until) {
    crash = until;
    replies = 0;
    writes = 0;
    told.clear();
    try {
      crashIfDue();
      for (AiMessage reply : script.replies()) {
        listen(reply);
      }
    } catch (Crashed crashed) {
      // The next life begins from nothing, which is the point.
    }
  }

  private void listen(AiMessage reply) throws Crashed {
    crashIfOverdue();
    replies++;
    modelCallsRedone += replies <= heard ? 1 : 0;
    heard = Math.max(heard, replies);
    crashIfDue();
    for (ToolExecutionRequest request : reply.toolExecutionRequests()) {
      execute(Optional.ofNullable(expected.get(request.id())).orElseThrow());
      crashIfDue();
    }
  }

  private void execute(Expected call) {
    if (!call.injected()) {
      RetailCall asked = call.call();
      told.put(asked.id(), new Told(asked.id(), world.execute(asked), false));
      writes += asked.isWriting() ? 1 : 0;
    }
  }

  private void crashIfDue() throws Crashed {
    if (crash.filter(new Crash(replies, writes)::equals).isPresent()) {
      throw new Crashed();
    }
  }

  /** A call that the agent refused is executed here, so that the counts can pass each other by. */
  private void crashIfOverdue() throws Crashed {
    if (crash.filter(due -> due.replies() == replies).isPresent()) {
      throw new Crashed();
    }
  }

  /** How many replies a request already holds. */
  static int repliesIn(ChatRequest request) {
    return (int) request.messages().stream().filter(AiMessage.class::isInstance).count();
  }

  /** What its last life was told. */
  Map<String, Told> told() {
    return Map.copyOf(told);
  }

  int modelCallsRedone() {
    return modelCallsRedone;
  }
}

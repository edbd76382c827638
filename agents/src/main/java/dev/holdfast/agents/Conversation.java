package dev.holdfast.agents;

import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.Run;
import dev.langchain4j.data.message.ChatMessage;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An agent's talk with one user within a run: each message is a scope {@code turn} of model calls
 * and tool calls, journaled one by one.
 *
 * <p>It belongs to the workflow body that made it and to its thread. A run that is executed again
 * makes it again and says the same; the recorded replies and results come back without a call.
 */
public final class Conversation {
  private final Blueprint agent;
  private final Run run;
  private final History history = new History();
  private final Spending spending;
  private final ListedTools listed;
  private final Set<List<Object>> facts = new HashSet<>();

  Conversation(Blueprint agent, Run run) {
    this.agent = agent;
    this.run = run;
    this.spending = new Spending(agent.budget());
    this.listed = new ListedTools(agent);
    if (!agent.instructions().isEmpty()) {
      history.system(agent.instructions());
    }
  }

  /**
   * Gives the agent a message and returns its answer in words.
   *
   * <p>Ends the run as truncated where the budget does not allow another model call, the model errs
   * more often in a row than it may, or its answer was cut off.
   *
   * @throws EffectFailed where the model's provider refuses, or is not to be reached
   */
  public Turn say(String message) {
    Answer<String> answer = Answer.of(String.class);
    return run.scope("turn", turn -> new Round<>(turn, answer).play(message).turn());
  }

  /**
   * Gives the agent a message and returns its answer as a record; see {@link #say(String)}.
   *
   * @param type {@code String} or a record of texts, numbers, booleans, enums, lists, maps and
   *     records; its {@code Optional} components may be left out
   */
  public <T> T say(String message, Class<T> type) {
    Answer<T> answer = Answer.of(type);
    return run.scope("turn", turn -> new Round<>(turn, answer).play(message).value());
  }

  /** Every message so far, oldest first. */
  public List<ChatMessage> messages() {
    return history.messages();
  }

  private record Played<T>(T value, Turn turn) {}

  /** One turn: model calls and tool calls in turn until there is an answer. */
  private final class Round<T> {
    private final Run turn;
    private final Answer<T> answer;
    private ModelStep model;
    private ToolCalls tools;
    private int repairs;

    Round(Run turn, Answer<T> answer) {
      this.turn = turn;
      this.answer = answer;
      Blueprint equipped = listed.ask(turn);
      this.model = new ModelStep(equipped, answer);
      this.tools = new ToolCalls(equipped, facts);
    }

    private void equipAnew() {
      Blueprint equipped = listed.ask(turn);
      model = new ModelStep(equipped, answer);
      tools = new ToolCalls(equipped, facts);
    }

    Played<T> play(String message) {
      history.user(answer.ask(message, agent.model()));
      while (true) {
        Reply reply = model.ask(turn, history, spending);
        if (reply.isCutOff()) {
          throw turn.truncate("reply", Reply.CUT_OFF);
        }
        Optional<Played<T>> played =
            reply.calls().isEmpty() ? conclude(reply) : continueWith(reply);
        if (played.isPresent()) {
          return played.get();
        }
      }
    }

    private Optional<Played<T>> conclude(Reply reply) {
      if (reply.complaint().isPresent()) {
        repair(reply.complaint().get());
        history.user(reply.complaint().get());
        return Optional.empty();
      }
      String text = reply.text().orElse("");
      return switch (answer.read(text)) {
        case Answer.Read.Accepted<T> accepted ->
            Optional.of(played(accepted.value(), text, Optional.empty()));
        case Answer.Read.Refused<T> refused ->
            throw new IllegalStateException(
                "The recorded answer fits the type %s no more. Make the change under a new version."
                    .formatted(answer.type().getSimpleName()));
      };
    }

    private Optional<Played<T>> continueWith(Reply reply) {
      List<ToolCalls.Result> results = tools.perform(turn, reply);
      results.forEach(each -> history.result(each.call(), each.text(), each.isError()));
      if (reply.hasRefusal()) {
        repair(results.stream().filter(ToolCalls.Result::isError).findFirst().orElseThrow().text());
      } else {
        repairs = 0;
      }
      Optional<Played<T>> ended = tools.ending(results).flatMap(this::endWith);
      if (ended.isEmpty() && tools.foundOutdated()) {
        equipAnew();
      }
      return ended;
    }

    private Optional<Played<T>> endWith(ToolCalls.Result result) {
      return switch (answer.read(result.text())) {
        case Answer.Read.Accepted<T> accepted ->
            Optional.of(played(accepted.value(), result.text(), Optional.of(result.call())));
        case Answer.Read.Refused<T> refused -> Optional.empty();
      };
    }

    private void repair(String problem) {
      repairs++;
      if (repairs > agent.repairsMax()) {
        throw turn.truncate(
            "repairs",
            "%d unusable replies of the model in a row, %d allowed; the last: %s"
                .formatted(repairs, agent.repairsMax(), Told.bounded(problem, 300)));
      }
    }

    private Played<T> played(T value, String text, Optional<ToolCall> endedBy) {
      return new Played<>(value, new Turn(text, endedBy, spending.steps(), spending.tokens()));
    }
  }
}

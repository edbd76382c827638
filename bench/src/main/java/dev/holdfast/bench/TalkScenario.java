package dev.holdfast.bench;

import dev.holdfast.gauntlet.Scenario;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;

/**
 * A recorded conversation as a run: what was said comes from the recording, and so do the answers
 * of the tools, each of which is an effect.
 */
final class TalkScenario implements Scenario<TalkDesk> {
  static final RunId RUN = new RunId("talk");

  private final TalkCase talk;
  private final Contract contract;

  /**
   * A conversation.
   *
   * @param contract of the tools that do something: keyed or once
   */
  TalkScenario(TalkCase talk, Contract contract) {
    this.talk = talk;
    this.contract = contract;
  }

  @Override
  public TalkDesk world() {
    return new TalkDesk();
  }

  @Override
  public void begin(Engine engine, TalkDesk desk) {
    var workflow =
        Workflow.of("talk", String.class, String.class).body((run, id) -> talk(run, desk));
    engine.register(workflow);
    engine.start(workflow, RUN.text(), talk.id());
  }

  private String talk(Run run, TalkDesk desk) {
    Effect<Integer, String> said = Effect.read(String.class, turn -> talk.turns().get(turn).text());
    var answers = new StringBuilder();
    for (int i = 0; i < talk.turns().size(); i++) {
      for (TalkCase.Call call : talk.turns().get(i).calls()) {
        answers.append(run.effect(call.tool(), call, effect(desk, call)));
      }
      answers.append(run.effect(talk.turns().get(i).isUser() ? "user" : "chat", i, said));
    }
    return answers.toString();
  }

  private Effect<TalkCase.Call, String> effect(TalkDesk desk, TalkCase.Call call) {
    if (!call.isAction()) {
      return Effect.read(String.class, TalkCase.Call::answer);
    }
    return contract == Contract.KEYED
        ? Effect.keyed(String.class, desk::keyed)
        : Effect.once(String.class, desk::opaque);
  }

  /** Somebody looks into the ledger about a doubt. */
  @Override
  public void attend(Client client, TalkDesk desk, RunState run) {
    if (run.status() == Status.IN_DOUBT
        && desk.isSettledNow()
        && client.find(RUN.text(), String.class).outcome()
            instanceof Outcome.InDoubt<String> doubt) {
      doubt.effects().forEach(each -> settle(client, desk, each.path()));
    }
  }

  private void settle(Client client, TalkDesk desk, StepPath path) {
    TalkCase.Call call = callOf(path);
    Verdict verdict =
        desk.timesDone(call.id()) > 0
            ? new Verdict.Happened(client.encode(call.answer()))
            : new Verdict.DidNotHappen();
    client.settle(RUN.text(), path, verdict, "ada", "the tool's ledger says so");
  }

  /** The n-th step of a tool's name is its n-th call. */
  TalkCase.Call callOf(StepPath path) {
    int number = Integer.parseInt(path.text().substring(path.text().lastIndexOf('#') + 1));
    return talk.turns().stream()
        .flatMap(turn -> turn.calls().stream())
        .filter(call -> call.tool().equals(path.name()))
        .skip(number)
        .findFirst()
        .orElseThrow();
  }

  TalkCase talk() {
    return talk;
  }

  Contract contract() {
    return contract;
  }
}

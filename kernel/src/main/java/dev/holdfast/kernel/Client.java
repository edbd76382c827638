package dev.holdfast.kernel;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Codec;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.JournalClient;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Start;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Starts runs, sends to them and awaits them, but executes none; safe for many threads.
 *
 * <p>Closing it closes its journal.
 */
public final class Client implements AutoCloseable {
  private final JournalClient journal;
  private final Codec codec;
  private final Settings settings;
  private final Outcomes outcomes;

  private final Watch watch;
  private final Runnable sent;

  /**
   * A client beside an engine.
   *
   * @param sent told of every message, so that a run wakes at once that the engine executes
   */
  Client(JournalClient journal, Codec codec, Settings settings, Watch watch, Runnable sent) {
    this.journal = journal;
    this.codec = codec;
    this.settings = settings;
    this.outcomes = new Outcomes(journal, codec, settings.clock());
    this.watch = watch;
    this.sent = sent;
  }

  /** A client over that journal, for a process that executes nothing. */
  public static Client over(JournalClient journal, Codec codec, Settings settings) {
    return new Client(journal, codec, settings, new Watch(settings.scheduler()), () -> {});
  }

  /**
   * Starts a run, or attaches to the one that has the id.
   *
   * @throws IllegalArgumentException for an id out of bounds or an input that cannot be encoded
   * @throws RunException.RunConflict when the id belongs to another workflow or input
   */
  public <I, O> Handle<O> start(Workflow<I, O> workflow, String id, I input) {
    return start(workflow, id, input, Admission.AT_ONCE);
  }

  /**
   * Starts a run that is let in like that, or attaches to the one that has the id or the
   * deduplication id; the handle names it.
   *
   * @throws RunException.QueueFull when the queue takes no more; nothing was started
   * @throws RunException.QueueUnknown when nobody registered the queue; nothing was started
   */
  public <I, O> Handle<O> start(Workflow<I, O> workflow, String id, I input, Admission admission) {
    NewRun run = admission.admit(newRun(workflow, id, input));
    RunId started = accepted(run, await(journal.start(run)));
    return handle(started, workflow.outputType());
  }

  /**
   * Attaches to a run without an input.
   *
   * @throws RunException.RunNotFound when there is none
   */
  public <O> Handle<O> find(String id, Class<O> resultType) {
    var run = new RunId(id);
    existing(run);
    return handle(run, resultType);
  }

  /**
   * Says whether an effect in doubt happened; durable on return, applied when the run is claimed.
   *
   * @param who who says so, for the audit
   * @param why how they know
   * @throws RunException.MessageNotAccepted when that step is not in doubt
   */
  public void settle(String id, StepPath path, Verdict verdict, String who, String why) {
    RunId run = existing(new RunId(id)).id();
    History history = Preparation.load(journal, run);
    List<StepPath> open = Preparation.openDoubts(history);
    if (!open.contains(path)) {
      throw new RunException.MessageNotAccepted(
          "Run %s: step '%s' is not in doubt. %s"
              .formatted(
                  run, path, open.isEmpty() ? "No step of it is." : "These are: " + open + "."));
    }
    Optional<Long> doubt = history.find(path).map(StepHistory::changedAt);
    send(run, new Message.Settle(path, doubt, verdict, who, why));
  }

  /**
   * Tells a quarantined or truncated run to go on; durable on return.
   *
   * @throws RunException.MessageNotAccepted when the run stands otherwise
   */
  public void resume(String id, String who, String why) {
    RunState state = existing(new RunId(id));
    if (state.status() != Status.QUARANTINED && state.status() != Status.TRUNCATED) {
      throw new RunException.MessageNotAccepted(
          "Run %s is %s; only a quarantined or truncated run can be resumed."
              .formatted(state.id(), state.status()));
    }
    send(state.id(), new Message.Resume(who, why));
  }

  /**
   * Sends a signal to a run that waits for it, or will; durable on return. A second one with the
   * same name and id is the same signal and changes nothing.
   *
   * @param name what the run waits for
   * @param id the sender's name for this message, 1 to 200 characters
   * @throws RunException.MessageNotAccepted when the run has ended
   */
  public void signal(String id, String name, String messageId, Object value, String who) {
    RunState state = existing(new RunId(id));
    StepPath.ROOT.child("signal", name, 0);
    var checked = new RunId(messageId);
    Payload encoded = new Parts.Encoder(codec, settings.limits()).encode(value);
    send(state.id(), new Message.Signal(name, checked.text(), encoded, who, ""));
  }

  /** What people are asked to approve in that run now, oldest first. */
  public List<Entry.ApprovalAsked> questions(String id) {
    RunState run = existing(new RunId(id));
    if (run.status().isEnded()) {
      return List.of();
    }
    return Preparation.load(journal, run.id()).steps().stream()
        .map(StepHistory::state)
        .filter(StepHistory.State.Asked.class::isInstance)
        .map(state -> ((StepHistory.State.Asked) state).question())
        .toList();
  }

  /**
   * Answers a question for approval; durable on return, applied when the run is claimed. The first
   * answer counts.
   *
   * @param question as the person saw it: an answer to anything else does not count
   * @throws RunException.MessageNotAccepted when it does not count; says why
   */
  public void approve(
      String id, Entry.ApprovalAsked question, boolean granted, String who, String why) {
    RunId run = existing(new RunId(id)).id();
    var answer = new Message.Approve(question.path(), question.digest(), granted, who, why);
    Optional<Message.Approve> first =
        journal.mail(run).stream()
            .map(Message.Mail::message)
            .filter(Message.Approve.class::isInstance)
            .map(Message.Approve.class::cast)
            .filter(sent -> sent.path().equals(answer.path()))
            .findFirst();
    Optional<String> refusal =
        first.isPresent()
            ? Optional.of("%s answered before, which counts".formatted(first.get().who()))
            : Preparation.refusal(Preparation.load(journal, run), answer, settings.clock().now());
    if (refusal.isPresent()) {
      throw new RunException.MessageNotAccepted(
          "Run %s: the answer for '%s' was not accepted: %s."
              .formatted(run, question.path(), refusal.get()));
    }
    send(run, answer);
  }

  /**
   * Ends a run at its next step; durable on return. What it began and nobody knows the outcome of
   * is listed with its end.
   *
   * @throws RunException.MessageNotAccepted when the run has ended
   */
  public void cancel(String id, String who, String why) {
    send(existing(new RunId(id)).id(), new Message.Cancel(who, why));
  }

  /**
   * Ends a run, or one that has completed, and undoes what it did, the last first; durable on
   * return. Runs that it started and that completed undo themselves. The run then is {@link
   * Outcome.Compensated}. Effects that name no undo are left as they are and listed with its end;
   * what is in doubt must be settled first.
   *
   * <p>A handle that told of the first end of a run goes on telling it; find the run anew.
   *
   * @throws RunException.MessageNotAccepted when the run has ended otherwise
   */
  public void rollBack(String id, String who, String why) {
    send(existing(new RunId(id)).id(), new Message.RollBack(who, why));
  }

  /**
   * Where a run is to begin as another one, and what is to become of the effects after the cut.
   *
   * @param at the first step that the new run performs itself
   * @param choices what is said of each effect after the cut
   * @param live contracts of which the new run performs effects that the source has no answer for;
   *     none by default: it fails closed
   * @param version the version of the workflow that executes the new run; the source's where empty
   */
  public record Fork(
      StepPath at, Map<StepPath, Choice> choices, Set<Contract> live, Optional<String> version) {
    /** What is to become of an effect that the source performed after the cut. */
    public enum Choice {
      /** The new run takes the recorded outcome; nothing is sent. */
      ADOPT,
      /** It was undone in the source; the new run may perform it anew. */
      COMPENSATE,
      /** It may be sent again under a new key: a second charge, if it charged anything. */
      ACCEPT
    }

    /**
     * An effect that the source performed after the cut, or may have.
     *
     * @param path its step
     * @param contract what a repeat would do
     * @param input what it was asked with
     * @param result what it returned; empty where nobody knows whether it happened
     * @param isUndone whether the source undid it
     */
    public record Sent(
        StepPath path,
        Contract contract,
        Payload input,
        Optional<Payload> result,
        boolean isUndone) {}

    /** Copies choices and contracts. */
    public Fork {
      choices = Map.copyOf(choices);
      live = Set.copyOf(live);
    }

    /** From that step on, without a word on any effect yet. */
    public static Fork at(StepPath at) {
      return new Fork(at, Map.of(), Set.of(), Optional.empty());
    }

    /** The same with that choice for an effect. */
    public Fork choose(StepPath effect, Choice choice) {
      var changed = new HashMap<>(choices);
      changed.put(effect, choice);
      return new Fork(at, changed, live, version);
    }

    /** The same, performing effects of those contracts that the source has no answer for. */
    public Fork live(Contract... contracts) {
      return new Fork(at, choices, Set.of(contracts), version);
    }

    /** The same, executed by that version of the workflow. */
    public Fork version(String changed) {
      return new Fork(at, choices, live, Optional.of(changed));
    }
  }

  /**
   * The effects that a fork of that run must say something of: those after the cut that a repeat
   * could do harm with.
   *
   * @throws RunException.ForkRefused where the run has no such step
   */
  public List<Fork.Sent> sentAfter(String source, StepPath at) {
    return Forking.of(journal, existing(new RunId(source)), at).sent();
  }

  /**
   * Starts a run that begins as another one: it has the source's record up to a step, and performs
   * that step and what follows itself; durable on return. The source is left as it is.
   *
   * <p>A step after the cut that asks as the source's did gets the source's answer, and nothing is
   * sent. One that the source has no answer for stops the run, unless it is accepted or its
   * contract is to be live. The new run's keys are its own; a global fact is answered by the
   * ledger. Called again with the same id it attaches.
   *
   * @param id the new run's id
   * @return the new run's id, for {@link #find}
   * @throws RunException.ForkRefused where an effect after the cut has no choice or cannot have
   *     that one, or an effect before it has no outcome
   * @throws RunException.RunConflict where the id belongs to another run
   */
  public String fork(String source, String id, Fork fork) {
    RunState state = existing(new RunId(source));
    var forking = Forking.of(journal, state, fork.at());
    NewRun run = forking.run(new RunId(id), fork, settings.clock().now());
    Start start = await(journal.start(run));
    if (start instanceof Start.Existing existing && !forking.isSame(existing.state().id(), fork)) {
      throw new RunException.RunConflict(
          "Run %s exists and is no such fork of run %s. Choose another id.".formatted(id, source));
    }
    sent.run();
    return id;
  }

  /**
   * Says whether a global fact happened whose run has ended in doubt of it; durable on return.
   *
   * @param fact its name in the ledger
   * @param who who says so, for the audit
   * @param why how they know
   * @throws RunException.MessageNotAccepted when it is not in doubt, or its run can still settle it
   */
  public void settleFact(String fact, Verdict verdict, String who, String why) {
    Fact row =
        journal
            .fact(fact)
            .orElseThrow(() ->
                new RunException.MessageNotAccepted(
                    "There is no fact '%s' in %s.".formatted(fact, journal.location())));
    Fact settled =
        switch (verdict) {
          case Verdict.Happened happened -> row.happened(happened.result());
          case Verdict.DidNotHappen no -> row.in(Fact.State.FREE);
        };
    accepted(journal.settle(settled.settledBy(who + ": " + why)));
  }

  /** The encoded value of a result, for {@link Verdict.Happened}. */
  public Payload encode(Object result) {
    return codec.encode(result);
  }

  @Override
  public void close() {
    journal.close();
  }

  private RunState existing(RunId run) {
    return journal.find(run).orElseThrow(() -> outcomes.notFound(run));
  }

  private void send(RunId run, Message message) {
    accepted(journal.send(run, message));
    sent.run();
  }

  private static void accepted(CompletableFuture<Void> answer) {
    try {
      await(answer);
    } catch (IllegalStateException refused) {
      throw new RunException.MessageNotAccepted(String.valueOf(refused.getMessage()));
    }
  }

  <O> Handle<O> handle(RunId run, Class<O> type) {
    return new Handle<>(run, type, outcomes, watch);
  }

  <O> Handle<O> handle(RunId run, Class<O> type, CompletableFuture<Optional<Entry>> execution) {
    return new Handle<>(run, type, outcomes, watch, execution);
  }

  <I, O> NewRun newRun(Workflow<I, O> workflow, String id, I input) {
    var run = new RunId(id);
    Payload encoded = new Parts.Encoder(codec, settings.limits()).encode(input);
    String digest = Digests.of(codec, codec.canonicalInput(input));
    Instant now = settings.clock().now();
    return new NewRun(
        run,
        new Entry.RunStarted(
            workflow.name(),
            workflow.version(),
            encoded,
            digest,
            Optional.empty(),
            Optional.empty(),
            Manifest.of(workflow)),
        now,
        now,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The run that a start led to; refuses one that is something else, and a queue that does. */
  RunId accepted(NewRun asked, Start start) {
    return switch (start) {
      case Start.Fresh fresh -> asked.id();
      case Start.Existing existing -> same(asked, existing.state());
      case Start.Deduplicated first -> same(asked, first.state());
      case Start.Gone gone ->
          throw new RunException.RunGone(
              "Run %s was not started: a run of that id was erased or purged in %s. Choose another"
                      .formatted(gone.run(), journal.location())
                  + " id.");
      case Start.QueueFull full ->
          throw new RunException.QueueFull(
              "Run %s was not started: queue '%s' has %,d runs waiting, %,d are allowed. Try again"
                      .formatted(
                          asked.id(),
                          full.load().queue().name(),
                          full.load().waiting(),
                          full.load().queue().waitingMax())
                  + " later, or raise waitingMax.");
      case Start.QueueUnknown unknown ->
          throw new RunException.QueueUnknown(
              "Run %s was not started: there is no queue '%s' in %s. Register it where runs are"
                      .formatted(asked.id(), unknown.queue(), journal.location())
                  + " executed, or check its name.");
    };
  }

  private RunId same(NewRun asked, RunState state) {
    if (!state.workflow().equals(asked.workflow().name())) {
      throw new RunException.RunConflict(
          "Run %s executes workflow '%s', not '%s'. Choose another id."
              .formatted(state.id(), state.workflow(), asked.workflow().name()));
    }
    if (!state.inputDigest().equals(asked.inputDigest())) {
      throw otherInput(asked, state.id());
    }
    return state.id();
  }

  private RunException.RunConflict otherInput(NewRun asked, RunId existing) {
    return new RunException.RunConflict(
        "Run %s was started with %s, now with %s. Choose another id, or use find to attach."
            .formatted(
                existing,
                Redaction.of(recordedInput(existing).text()),
                Redaction.of(asked.input().text())));
  }

  private Payload recordedInput(RunId run) {
    for (Recorded first : journal.entries(run, 0, 1)) {
      if (first.entry() instanceof Entry.RunStarted started) {
        return started.input();
      }
    }
    return Payload.NULL;
  }

  /** Waits for the store; its own failures come out as they are. */
  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException unchecked -> throw unchecked;
        case null, default -> throw new StoreFailed("The store did not answer.", e);
      }
    }
  }
}

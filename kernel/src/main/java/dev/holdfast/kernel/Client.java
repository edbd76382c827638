package dev.holdfast.kernel;

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
import dev.holdfast.journal.spi.JournalClient;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import java.util.List;
import java.util.Optional;
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

  Client(JournalClient journal, Codec codec, Settings settings, Watch watch) {
    this.journal = journal;
    this.codec = codec;
    this.settings = settings;
    this.outcomes = new Outcomes(journal, codec, settings.clock());
    this.watch = watch;
  }

  /** A client over that journal, for a process that executes nothing. */
  public static Client over(JournalClient journal, Codec codec, Settings settings) {
    return new Client(journal, codec, settings, new Watch());
  }

  /**
   * Starts a run, or attaches to the one that has the id.
   *
   * @throws IllegalArgumentException for an id out of bounds or an input that cannot be encoded
   * @throws RunException.RunConflict when the id belongs to another workflow or input
   */
  public <I, O> Handle<O> start(Workflow<I, O> workflow, String id, I input) {
    NewRun run = newRun(workflow, id, input);
    accepted(run, await(journal.start(run)));
    return handle(run.id(), workflow.outputType());
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
    send(run, new Message.Settle(path, verdict, who, why));
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
    try {
      await(journal.send(run, message));
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
    String digest = Digests.of(codec.canonicalInput(input));
    return new NewRun(
        run,
        new WorkflowKey(workflow.name(), workflow.version()),
        encoded,
        digest,
        settings.clock().now());
  }

  /** Refuses an id that belongs to something else. */
  void accepted(NewRun asked, Start start) {
    if (!(start instanceof Start.Existing existing)) {
      return;
    }
    RunState state = existing.state();
    if (!state.workflow().equals(asked.workflow().name())) {
      throw new RunException.RunConflict(
          "Run %s executes workflow '%s', not '%s'. Choose another id."
              .formatted(asked.id(), state.workflow(), asked.workflow().name()));
    }
    if (!state.inputDigest().equals(asked.inputDigest())) {
      throw new RunException.RunConflict(
          "Run %s was started with %s, now with %s. Choose another id, or use find to attach."
              .formatted(
                  asked.id(),
                  Redaction.of(recordedInput(asked.id()).text()),
                  Redaction.of(asked.input().text())));
    }
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

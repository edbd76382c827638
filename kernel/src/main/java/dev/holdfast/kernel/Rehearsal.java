package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.WorkflowKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Replays a recorded run to the end of its record; nothing is written or called outside. */
final class Rehearsal<I, O> {
  private final Parts parts;
  private final Workflow<I, O> workflow;
  private final RunId run;
  private final List<Recorded> recorded;
  private final History history = new History();

  Rehearsal(Parts parts, Workflow<I, O> workflow, RunId run, List<Recorded> recorded) {
    this.parts = parts;
    this.workflow = workflow;
    this.run = run;
    this.recorded = recorded;
    recorded.forEach(history::apply);
  }

  /** Rehearses that run with the workflow that it names. */
  static Rehearsal<?, ?> of(
      Parts parts, Map<WorkflowKey, Workflow<?, ?>> workflows, RunId run, List<Recorded> recorded) {
    if (recorded.isEmpty() || !(recorded.getFirst().entry() instanceof Entry.RunStarted started)) {
      throw new IllegalArgumentException(
          "The history of run %s does not begin with its start. Export the run whole."
              .formatted(run));
    }
    var key = new WorkflowKey(started.workflow(), started.version());
    Workflow<?, ?> workflow = workflows.get(key);
    if (workflow == null) {
      throw new RunException.NotRegistered(
          "Run %s cannot be replayed: workflow %s is not registered here.".formatted(run, key));
    }
    return new Rehearsal<>(parts, workflow, run, recorded);
  }

  /** Returns what keeps the code from replaying the run, if anything does. */
  Optional<String> mismatch() {
    Activation activation = activation();
    var root = new Scope(activation);
    @Nullable O result = null;
    @Nullable Throwable thrown = null;
    try {
      result = root.finish(() -> executed(root), root);
    } catch (Throwable any) { // whatever user code throws: the record says whether it may
      thrown = any;
    }
    Optional<Stop> stop = activation.stopped();
    if (stop.isPresent()) {
      return stop.get() instanceof Stop.Quarantine halt
          ? Optional.of(halt.reason())
          : Optional.empty();
    }
    return root.isWaiting() ? stoodStill() : ended(result, Optional.ofNullable(thrown));
  }

  private Activation activation() {
    var key = new WorkflowKey(workflow.name(), workflow.version());
    long epoch = recorded.getLast().epoch() + 1;
    var log =
        RunLog.dry(
            parts.journal(), new Claim(run, key, epoch, recorded.size()), parts.settings().clock());
    return new Activation(parts, log, history, Undos.of(workflow), () -> false);
  }

  private O executed(Scope root) {
    try {
      return workflow.execute(root, parts.decode(history.input(), workflow.inputType()));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new CheckedInBody(e);
    }
  }

  private Optional<Entry.RunCompleted> completed() {
    return recorded.getLast().entry() instanceof Entry.RunCompleted completed
        ? Optional.of(completed)
        : Optional.empty();
  }

  private Optional<String> stoodStill() {
    return completed()
        .map(end ->
            "Run %s completed, but the code goes on: code was INSERTED at its end.".formatted(run));
  }

  private Optional<String> ended(@Nullable O result, Optional<Throwable> thrown) {
    if (thrown.isPresent()) {
      return isFailure(recorded.getLast().entry())
          ? Optional.empty()
          : Optional.of(
              "Run %s: the code threw %s where the record ends."
                  .formatted(run, Redaction.of(CheckedInBody.unwrapped(thrown.get()))));
    }
    Optional<Payload> before = completed().map(Entry.RunCompleted::result);
    return before.isEmpty() || canonical(before.get()).equals(canonical(parts.encode(result)))
        ? Optional.empty()
        : Optional.of(
            "Run %s ends with another result: %s."
                .formatted(
                    run,
                    Fingerprint.difference(
                        Redaction.clean(before.get().text()),
                        Redaction.clean(parts.encode(result).text()))));
  }

  private String canonical(Payload payload) {
    return parts.codec().canonical(payload);
  }

  /** Whether an exception out of the code is what the record led to, or may lead to. */
  private static boolean isFailure(Entry last) {
    return last instanceof Entry.RunFailed
        || last instanceof Entry.RunQuarantined
        || last instanceof Entry.EffectGaveUp;
  }
}

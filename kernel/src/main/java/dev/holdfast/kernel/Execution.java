package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.kernel.spi.Boundary;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs a workflow's body under one claim and writes down how the claim ended. */
final class Execution<I, O> {
  private static final System.Logger LOG = System.getLogger("dev.holdfast.kernel");

  /** How soon a run looks again that waits for several facts: the store wakes it for one. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private static final String KERNEL = Execution.class.getPackageName() + ".";
  private final Workflow<I, O> workflow;
  private final Activation activation;
  private final RunLog log;

  private Optional<Entry> ended = Optional.empty();

  Execution(Workflow<I, O> workflow, Activation activation, RunLog log) {
    this.workflow = workflow;
    this.activation = activation;
    this.log = log;
  }

  /** Returns what ended the run for good, once it is durable; nothing where the run may go on. */
  Optional<Entry> perform() {
    @Nullable Throwable thrown = null;
    @Nullable O result = null;
    Optional<Entry.RunCompensated> undone = Optional.empty();
    try {
      activation.fault(Boundary.AFTER_CLAIM, StepPath.ROOT);
      if (activation.stopped().isEmpty() && isRolledBack()) {
        undone = Optional.of(new Rollback(activation).perform());
      } else if (activation.stopped().isEmpty()) {
        result = body();
      }
    } catch (Throwable t) { // whatever user code throws decides how the run ends
      thrown = t;
    }
    try {
      conclude(result, undone, thrown);
    } catch (Suspension lost) {
      LOG.log(System.Logger.Level.INFO, "Run {0} is no longer ours.", activation.run());
    }
    return ended;
  }

  private O body() {
    var root = new Scope(activation);
    return root.finish(() -> execute(root), root);
  }

  private O execute(Scope root) {
    try {
      return workflow.execute(root, input());
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new CheckedInBody(e);
    }
  }

  private I input() {
    return activation.parts().decode(activation.history().input(), workflow.inputType());
  }

  private boolean isRolledBack() {
    return activation.history().rollback().isPresent();
  }

  private void conclude(
      @Nullable O result, Optional<Entry.RunCompensated> undone, @Nullable Throwable thrown) {
    Optional<Stop> stop = activation.stopped();
    if (stop.isPresent()) {
      stopped(stop.get());
    } else if (!activation.waits().isEmpty()) {
      park(activation.waits());
    } else if (thrown != null) {
      threw(CheckedInBody.unwrapped(thrown));
    } else if (undone.isPresent()) {
      end(undone.get(), Status.COMPENSATED);
    } else {
      completed(result);
    }
  }

  private void stopped(Stop stop) {
    switch (stop) {
      case Stop.Quarantine halt -> quarantine(halt.reason(), halt.path());
      case Stop.Fail fail when workflow.onFailure() == Workflow.OnFailure.ROLL_BACK ->
          rollBack(fail.reason());
      case Stop.Fail fail ->
          afterChildren(
              "its parent failed: " + fail.reason(),
              new Entry.RunFailed(fail.reason(), fail.failure()),
              Status.FAILED);
      case Stop.RollBack doubt -> rollBack(doubt.reason());
      case Stop.Truncate limit ->
          end(
              new Entry.RunTruncated(limit.limit(), limit.facts(), limit.unsettled()),
              Status.TRUNCATED);
      case Stop.Cancel cancel ->
          afterChildren(
              "its parent was cancelled by %s: %s".formatted(cancel.who(), cancel.why()),
              new Entry.RunCancelled(
                  cancel.who(), cancel.why(), Ledger.unsettled(activation.history())),
              Status.CANCELLED);
      case Stop.Yield closing ->
          release(
              new Entry.RunParked(List.of()),
              new Release(Status.READY, Optional.of(activation.now())));
      case Stop.Lost lost -> {}
    }
  }

  /** Ends the run once the runs have ended that it started; they are told to. */
  private void afterChildren(String why, Entry.End entry, Status status) {
    List<Wait> open = activation.children().cancelWithin(StepPath.ROOT, why);
    if (open.isEmpty()) {
      end(entry, status);
    } else {
      park(open);
    }
  }

  private void park(List<Wait> waits) {
    List<String> facts =
        waits.stream()
            .filter(Wait.HeldFact.class::isInstance)
            .map(wait -> ((Wait.HeldFact) wait).fact())
            .distinct()
            .toList();
    Stream<Instant> due = waits.stream().flatMap(wait -> due(wait).stream());
    Stream<Instant> look =
        facts.size() > 1 ? Stream.of(activation.now().plus(LOOK_AGAIN)) : Stream.empty();
    release(
        new Entry.RunParked(waits),
        new Release(
            status(waits),
            Stream.of(due, look, activation.history().deadline().stream())
                .flatMap(times -> times)
                .min(Instant::compareTo),
            facts.stream().findFirst()));
  }

  private static Status status(List<Wait> waits) {
    if (waits.stream().anyMatch(Wait.Doubt.class::isInstance)) {
      return Status.IN_DOUBT;
    }
    return waits.stream().anyMatch(Wait.Approval.class::isInstance)
        ? Status.AWAITING_APPROVAL
        : Status.WAITING;
  }

  private static Optional<Instant> due(Wait wait) {
    return switch (wait) {
      case Wait.Retry retry -> Optional.of(retry.due());
      case Wait.Probe probe -> Optional.of(probe.due());
      case Wait.Doubt doubt -> Optional.empty();
      case Wait.HeldIntent held -> Optional.empty();
      case Wait.Child child -> Optional.empty();
      case Wait.QueueRoom room -> Optional.of(room.due());
      case Wait.HeldFact held -> Optional.of(held.due());
      case Wait.Timer timer -> Optional.of(timer.due());
      case Wait.Signal signal -> Optional.of(signal.due());
      case Wait.Approval approval -> Optional.of(approval.due());
    };
  }

  private void fail(Entry.RunFailed failed) {
    switch (workflow.onFailure()) {
      case END -> afterChildren("its parent failed: " + failed.reason(), failed, Status.FAILED);
      case ROLL_BACK -> rollBack(failed.reason());
    }
  }

  /** The next claim does it: this one's branches have ended, and it may be stopped already. */
  private void rollBack(String reason) {
    activation.append(new Entry.RollbackStarted(reason, Optional.empty()));
    release(
        new Entry.RunParked(List.of()), new Release(Status.READY, Optional.of(activation.now())));
  }

  private void threw(Throwable thrown) {
    if (isRolledBack()) {
      quarantine(
          "The rollback threw %s. Fix the cause, deploy, and resume.".formatted(describe(thrown)),
          Optional.empty());
    } else if (thrown instanceof EffectFailed failed
        && failed.failure() instanceof Failure.Rejected rejected) {
      fail(new Entry.RunFailed(Redaction.of(failed), Optional.of(rejected)));
    } else if (thrown instanceof RunException.ChildEnded child) {
      fail(new Entry.RunFailed(Redaction.of(child), child.failure()));
    } else if (workflow.failsOn().stream().anyMatch(type -> type.isInstance(thrown))) {
      fail(new Entry.RunFailed(describe(thrown), Optional.empty()));
    } else {
      quarantine(
          "The workflow threw %s. Fix the cause, deploy, and resume.".formatted(describe(thrown)),
          retryable(thrown));
    }
  }

  /** The step whose failure brought the run to a halt, where a resume may try it again. */
  private static Optional<StepPath> retryable(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; depth < Parts.CAUSES_MAX && cause != null; depth++) {
      if (cause instanceof EffectFailed failed && failed.failure().isRetryable()) {
        return Optional.of(failed.path());
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }

  /** Where it came from in user code: the kernel's own frames help nobody who has to fix it. */
  private static String describe(Throwable thrown) {
    String origin =
        Arrays.stream(thrown.getStackTrace())
            .filter(frame -> !frame.getClassName().startsWith(KERNEL))
            .findFirst()
            .map(frame -> " at " + frame)
            .orElse("");
    return Redaction.of(thrown) + origin;
  }

  private void completed(@Nullable O result) {
    List<Wait> open = new ArrayList<>();
    for (StepHistory step : activation.leftUnknown()) {
      if (!(step.state() instanceof StepHistory.State.LeftUnknown left)) {
        continue;
      }
      if (left.learned().isEmpty()) {
        open.add(new Wait.Doubt(step.path(), left.reason()));
      } else if (left.learned().get() instanceof Verdict.DidNotHappen) {
        quarantine(
            "The run went on without knowing the outcome of %s (%s) and it did not happen."
                .formatted(step.path(), left.reason()),
            Optional.empty());
        return;
      }
    }
    if (open.isEmpty()) {
      completeWith(result);
    } else {
      park(open);
    }
  }

  private void completeWith(@Nullable O result) {
    try {
      var completed = new Entry.RunCompleted(activation.parts().encode(result));
      Optional<Payload> handedOn = activation.session().handedOn();
      end(completed, new Release(Status.COMPLETED, Optional.empty(), Optional.empty(), handedOn));
    } catch (IllegalArgumentException unkept) {
      quarantine("The result cannot be kept: " + Redaction.of(unkept), Optional.empty());
    }
  }

  private void quarantine(String reason, Optional<StepPath> path) {
    LOG.log(System.Logger.Level.WARNING, "Run {0} is quarantined: {1}", activation.run(), reason);
    release(
        new Entry.RunQuarantined(reason, path), new Release(Status.QUARANTINED, Optional.empty()));
  }

  private void end(Entry.End entry, Status status) {
    end(entry, new Release(status, Optional.empty()));
  }

  private void end(Entry.End entry, Release release) {
    release(
        entry,
        new Release(
            release.status(),
            release.readyAt(),
            release.awaits(),
            release.handedOn(),
            toParent(entry)));
    if (release.status() != Status.TRUNCATED) {
      ended = Optional.of(entry);
    }
  }

  private Optional<Release.Letter> toParent(Entry.End entry) {
    return activation
        .history()
        .parent()
        .map(parent ->
            new Release.Letter(
                parent.run(), new Message.ChildEnded(parent.path(), activation.run(), entry)));
  }

  /** A run that can be resumed keeps its facts, but what may have happened waits for nobody. */
  private List<Fact> factsAtEnd(Entry entry) {
    if (!(entry instanceof Entry.End end)) {
      return List.of();
    }
    return switch (end) {
      case Entry.RunCompleted e -> activation.factsAtEnd();
      case Entry.RunFailed e -> activation.factsAtEnd();
      case Entry.RunCancelled e -> activation.factsAtEnd();
      case Entry.RunCompensated e ->
          activation.factsAtEnd().stream()
              .filter(fact -> !e.undone().contains(fact.path())) // freed by what undid it
              .toList();
      case Entry.RunTruncated e when e.limit().equals(History.DEADLINE) ->
          activation.factsAtEnd().stream()
              .filter(fact -> fact.state() == Fact.State.IN_DOUBT)
              .toList();
      case Entry.RunTruncated e -> List.of();
    };
  }

  private void release(Entry entry, Release release) {
    activation.fault(Boundary.BEFORE_OUTCOME, StepPath.ROOT);
    log.release(entry, factsAtEnd(entry), release);
    activation.barrier(StepPath.ROOT);
  }
}

package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.kernel.spi.Boundary;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Takes a step that has a run of its own from that run's start to its end. */
final class ChildStep<I, O> {
  /** How many runs may stand above one: a run that starts itself over and over must end. */
  static final int DEPTH_MAX = 100;

  private static final Duration SHORTEST = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Activation activation;
  private final Scope scope;
  private final Workflow<I, O> workflow;
  private final Admission terms;
  private final StepHistory step;
  private final Payload input;
  private final String inputDigest;

  ChildStep(
      Activation activation,
      Scope scope,
      StepPath path,
      Workflow<I, O> workflow,
      I input,
      Admission terms) {
    this.activation = activation;
    this.scope = scope;
    this.workflow = workflow;
    this.terms = terms;
    this.step = activation.history().find(path).orElseGet(() -> new StepHistory(path));
    this.input = activation.encoded(input, "input", path);
    var codec = activation.parts().codec();
    this.inputDigest = Digests.of(codec, codec.canonicalInput(input));
    if (terms.deduplication().isPresent()) {
      throw new IllegalArgumentException(
          "%s has a deduplication id, which could lead to another step's run. Leave it out."
              .formatted(path));
    }
  }

  O perform() {
    while (true) {
      switch (step.state()) {
        case StepHistory.State.Running running -> {
          check(running.child());
          start(running);
        }
        case StepHistory.State.Over over -> {
          check(over.child());
          return result(over);
        }
        default -> begin();
      }
    }
  }

  private void begin() {
    int depth = depth();
    if (depth > DEPTH_MAX) {
      throw activation.stop(
          new Stop.Truncate(
              "childDepth",
              "%d runs stand above %s, the most allowed.".formatted(depth - 1, path())));
    }
    refuseInFork();
    terms.session().ifPresent(this::refuseHeld);
    activation.fault(Boundary.BEFORE_INTENT, path());
    record(
        new Entry.ChildStarted(
            path(),
            Digests.child(activation.parts().codec(), activation.run(), path()),
            workflow.name(),
            inputDigest,
            deadline()));
    activation.barrier(path());
    activation.fault(Boundary.AFTER_INTENT, path());
  }

  /** The runs that a source started belong to it, and nobody starts others unasked. */
  private void refuseInFork() {
    boolean isRefused =
        activation
            .history()
            .fork()
            .filter(fork -> !fork.terms().accepted().contains(path()))
            .isPresent();
    if (isRefused) {
      throw quarantine(
          "The fork stops before %s: it would start a run of its own. Fork anew and accept it."
              .formatted(path()));
    }
  }

  /** Who has the turn of a session until its child has ended must not send it there. */
  private void refuseHeld(String session) {
    Optional<RunId> run = Optional.of(activation.run());
    while (run.isPresent()) {
      RunId above = run.get();
      boolean isHeld =
          activation
              .reading(() -> activation.parts().journal().find(above))
              .flatMap(RunState::session)
              .filter(session::equals)
              .isPresent();
      if (isHeld) {
        throw quarantine(
            "%s would wait for a run in session '%s', which waits for run %s. Use another session."
                .formatted(path(), session, above));
      }
      run = startOf(above).flatMap(Entry.RunStarted::parent).map(Entry.Parent::run);
    }
  }

  private Optional<Entry.RunStarted> startOf(RunId run) {
    return activation.reading(() -> activation.parts().journal().entries(run, 0, 1)).stream()
        .map(Recorded::entry)
        .filter(Entry.RunStarted.class::isInstance)
        .map(Entry.RunStarted.class::cast)
        .findFirst();
  }

  private void record(Entry.OfStep entry) {
    step.apply(activation.append(entry));
    activation.children().note(step);
  }

  private int depth() {
    return activation.history().parent().map(Entry.Parent::depth).orElse(0) + 1;
  }

  /** A run has no more time than the one that waits for it. */
  private Optional<Instant> deadline() {
    Optional<Instant> own = terms.within().map(activation.now()::plus);
    Optional<Instant> outer = activation.history().deadline();
    return own.isPresent() && outer.isPresent() && own.get().isAfter(outer.get())
        ? outer
        : own.or(() -> outer);
  }

  /** Sees to it that the run exists, and waits for its end. */
  private void start(StepHistory.State.Running running) {
    RunId child = running.child().child();
    Optional<RunState> existing =
        activation.reading(() -> activation.parts().journal().find(child));
    if (existing.isPresent()) {
      requireOwn(child);
    } else if (!running.isCancelled() && !scope.isLost() && !isSubmitted(running)) {
      return;
    }
    throw scope.suspend(new Wait.Child(path(), child));
  }

  /** False where the queue was full and is to be asked again. */
  private boolean isSubmitted(StepHistory.State.Running running) {
    activation.checkNotStopped();
    NewRun run = newRun(running.child());
    activation.fault(Boundary.BEFORE_CALL, path());
    activation.lease();
    Start start = activation.await(activation.parts().journal().start(run));
    activation.fault(Boundary.AFTER_CALL, path());
    switch (start) {
      case Start.Fresh fresh -> activation.parts().wake().run();
      case Start.Existing existing -> requireOwn(run.id());
      case Start.Deduplicated other -> throw taken(other.state().id());
      case Start.Gone gone ->
          throw quarantine(
              "Its run %s was erased or purged: how it ended cannot be told any more."
                  .formatted(gone.run()));
      case Start.QueueFull full -> awaitRoom(full.load().queue().name(), running.since());
      case Start.QueueUnknown unknown ->
          throw quarantine(
              "There is no queue '%s' for run %s. Register it, then resume."
                  .formatted(unknown.queue(), run.id()));
    }
    return !(start instanceof Start.QueueFull);
  }

  private NewRun newRun(Entry.ChildStarted child) {
    Instant now = activation.now();
    var started =
        new Entry.RunStarted(
            workflow.name(),
            workflow.version(),
            input,
            inputDigest,
            child.deadline(),
            Optional.of(new Entry.Parent(activation.run(), path(), depth())),
            Manifest.of(workflow));
    return new NewRun(
        child.child(),
        started,
        now,
        now.plus(terms.delay()),
        terms.queue(),
        Optional.empty(),
        terms.session(),
        List.of(),
        terms.subject());
  }

  /** It waits as long again as it has waited already, so that a full queue is not asked often. */
  private void awaitRoom(String queue, Instant since) {
    Instant now = activation.now();
    var waited = Duration.between(since, now).abs(); // the clock may have been set back
    Duration least = waited.compareTo(SHORTEST) > 0 ? waited : SHORTEST;
    Instant due = now.plus(least.compareTo(LONGEST) < 0 ? least : LONGEST);
    scope.await(new Wait.QueueRoom(path(), queue, due), due);
  }

  /** Whoever chose the same id for another run would never tell this one of its end. */
  private void requireOwn(RunId child) {
    boolean isOwn =
        startOf(child)
            .flatMap(Entry.RunStarted::parent)
            .filter(parent -> parent.run().equals(activation.run()) && parent.path().equals(path()))
            .isPresent();
    if (!isOwn) {
      throw taken(child);
    }
  }

  private Suspension taken(RunId child) {
    return quarantine(
        "%s would start run %s, which exists and is not its own. Start such runs with other ids."
            .formatted(path(), child));
  }

  private void check(Entry.ChildStarted recorded) {
    if (!recorded.workflow().equals(workflow.name())
        || !recorded.inputDigest().equals(inputDigest)) {
      throw quarantine(
          """
          Run %s asks for something else than before. Entry %d: recorded step '%s' started \
          workflow '%s' with input digest %s, attempted '%s' with %s. Give the changed workflow a \
          new version, or deploy the old code and resume.\
          """
              .formatted(
                  activation.run(),
                  step.sequence(),
                  path(),
                  recorded.workflow(),
                  recorded.inputDigest(),
                  workflow.name(),
                  inputDigest));
    }
  }

  private Suspension quarantine(String reason) {
    return activation.stop(new Stop.Quarantine(reason, Optional.empty()));
  }

  private O result(StepHistory.State.Over over) {
    if (over.end() instanceof Entry.RunCompleted completed) {
      return activation.parts().decode(completed.result(), workflow.outputType());
    }
    throw RunException.ChildEnded.of(over.child().child(), path(), over.end());
  }

  private StepPath path() {
    return step.path();
  }
}

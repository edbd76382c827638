package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What a worker that lost its run still learned of a step, for whoever owns the run then. */
record Evidence(Parts parts, RunId run, long epoch, StepPath path, Optional<Intent> intent) {
  private static final System.Logger LOG = System.getLogger("dev.holdfast.kernel");

  /** What an entry that a step is about to get says for certain of the step's effect; pure. */
  static Optional<Verdict> of(StepHistory step, Entry entry) {
    if (!(step.state() instanceof StepHistory.State.Attempting)) {
      return Optional.empty();
    }
    return switch (entry) {
      case Entry.EffectSucceeded done -> Optional.of(new Verdict.Happened(done.result()));
      case Entry.EffectGaveUp gaveUp -> denied(step, gaveUp.failure(), gaveUp.attempts());
      case Entry.AttemptFailed failed -> denied(step, failed.failure(), failed.attempt());
      default -> Optional.empty();
    };
  }

  private static Optional<Verdict> denied(StepHistory step, Failure failure, int attempt) {
    return failure.mayHaveHappened() || step.mayHaveHappenedBefore(attempt)
        ? Optional.empty()
        : Optional.of(new Verdict.DidNotHappen());
  }

  /** Why evidence does not count for a step as it stands, if it does not; pure. */
  static Optional<String> refusal(StepHistory step, Message.Evidence evidence) {
    boolean isLatest = step.attemptEpoch() <= evidence.epoch();
    boolean happened = evidence.verdict() instanceof Verdict.Happened;
    boolean counts =
        switch (step.state()) {
          case StepHistory.State.Attempting open -> isLatest;
          case StepHistory.State.Failed failed -> happened;
          case StepHistory.State.Denied denied -> happened;
          case StepHistory.State.Doubted doubted -> happened || isLatest;
          case StepHistory.State.LeftUnknown left ->
              left.learned().isEmpty() && (happened || isLatest);
          case StepHistory.State.Fresh fresh -> false;
          case StepHistory.State.Done done -> false;
          case StepHistory.State.GaveUp gaveUp -> false;
          case StepHistory.State.Waiting waiting -> false;
          case StepHistory.State.Question question -> false;
          case StepHistory.State.Child child -> false;
        };
    return counts
        ? Optional.empty()
        : Optional.of(
            "the step has an outcome, or was begun again since claim " + evidence.epoch());
  }

  /** Sends it on a thread of its own: whoever learns of the fence is the store's writer. */
  CompletableFuture<Void> leave(Verdict verdict, String why) {
    var left = new CompletableFuture<Void>();
    Runnable work = parts.crew().member(() -> send(verdict, why));
    parts
        .settings()
        .scheduler()
        .start(
            "evidence-" + run,
            () -> {
              try {
                work.run();
              } finally {
                left.complete(null);
              }
            });
    return left;
  }

  private void send(Verdict verdict, String why) {
    String who = "worker %s, claim %d".formatted(parts.settings().worker(), epoch);
    var evidence = new Message.Evidence(path, epoch, verdict, who, why);
    try {
      new Patience(parts.settings().scheduler(), () -> !parts.crew().isDismissed())
          .reading(() -> isTold(evidence));
    } catch (RuntimeException lost) {
      String what = "Run {0}: {1} knows what became of {2} and cannot tell: {3}";
      LOG.log(Level.WARNING, what, run, who, path, Redaction.of(lost));
    }
  }

  private boolean isTold(Message.Evidence evidence) {
    try {
      Client.await(parts.journal().send(run, evidence));
    } catch (IllegalStateException ended) {
      settle(evidence, ended);
    }
    return true;
  }

  /** A run that has ended takes no message; a fact that it left in doubt can still be settled. */
  private void settle(Message.Evidence evidence, IllegalStateException ended) {
    Fact left =
        intent
            .filter(asked -> asked.scope() == Intent.Scope.GLOBAL)
            .flatMap(asked -> parts.journal().fact(asked.name()))
            .filter(fact -> fact.run().equals(run) && fact.path().equals(path))
            .filter(fact -> fact.state() == Fact.State.IN_DOUBT)
            .orElseThrow(() -> ended);
    String audit = "%s: %s".formatted(evidence.who(), evidence.why());
    Client.await(parts.journal().settle(settled(left, evidence.verdict()).settledBy(audit)));
  }

  private static Fact settled(Fact left, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Happened happened -> left.happened(happened.result());
      case Verdict.DidNotHappen no -> left.in(Fact.State.FREE);
    };
  }
}

package dev.holdfast.kernel;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Decides what comes next for a step from its contract and what is recorded; pure. */
final class Recovery {
  /** What comes next. */
  sealed interface Decision {
    /** The first attempt. */
    record Begin() implements Decision {}

    /** Another attempt; safe by contract. */
    record Again() implements Decision {}

    /** Ask the target; its "no" may be believed from that time on. */
    record Probe(Instant settledAt) implements Decision {}

    /** Nothing before that time. */
    record Delay(Instant due) implements Decision {}

    /** The recorded result. */
    record Return(Payload result) implements Decision {}

    /** The recorded failure. */
    record Raise(Failure failure, int attempts) implements Decision {}

    /** The outcome cannot be known. */
    record Doubt(String reason) implements Decision {}

    /** A doubt is open already. */
    record Stand(String reason, DoubtPolicy policy) implements Decision {}

    /** The attempts are used up and it may have happened. */
    record Halt(Failure failure) implements Decision {}
  }

  /**
   * The terms that an effect was declared with.
   *
   * @param leaseTtl how long after a takeover the process before may still have sent
   */
  record Terms(
      Contract contract,
      int attemptsMax,
      Duration timeout,
      Optional<Duration> validFor,
      Duration settleAfter,
      Duration leaseTtl) {}

  private Recovery() {}

  static Decision next(Terms terms, StepHistory step, Instant now) {
    return switch (step.state()) {
      case StepHistory.State.Fresh fresh -> new Decision.Begin();
      case StepHistory.State.Attempting open -> afterSilence(terms, step, open, now);
      case StepHistory.State.Failed failed -> afterFailure(terms, step, failed, now);
      case StepHistory.State.Done done -> new Decision.Return(done.result());
      case StepHistory.State.GaveUp gaveUp ->
          new Decision.Raise(gaveUp.failure(), gaveUp.attempts());
      case StepHistory.State.Doubted doubted ->
          new Decision.Stand(doubted.reason(), doubted.policy());
      case StepHistory.State.Denied denied -> new Decision.Again();
      case StepHistory.State.Waiting held -> new Decision.Begin();
      case StepHistory.State.Question question ->
          throw new IllegalStateException("No effect asks people: " + step.path());
      case StepHistory.State.Child child ->
          throw new IllegalStateException("No effect has a run of its own: " + step.path());
      case StepHistory.State.LeftUnknown left ->
          new Decision.Raise(new Failure.Unknown("left-unknown", left.reason()), step.attempts());
    };
  }

  /** An intent without an outcome: its process is gone, or its probe was asked in vain. */
  private static Decision afterSilence(
      Terms terms, StepHistory step, StepHistory.State.Attempting open, Instant now) {
    return switch (terms.contract()) {
      case READ, IDEMPOTENT, TRANSACTIONAL -> new Decision.Again();
      case KEYED -> whileKeyIsValid(terms, step, now);
      case VERIFIED -> {
        Instant lastSend =
            step.takenOverAt().map(at -> at.plus(terms.leaseTtl())).orElse(open.since());
        yield new Decision.Probe(lastSend.plus(terms.settleAfter()));
      }
      case ONCE ->
          new Decision.Doubt(
              "the process ended after the intent of %s and before its outcome"
                  .formatted(open.since()));
    };
  }

  private static Decision afterFailure(
      Terms terms, StepHistory step, StepHistory.State.Failed failed, Instant now) {
    boolean unknown = failed.failure().mayHaveHappened();
    if (unknown && terms.contract() == Contract.ONCE) {
      return new Decision.Doubt(
          "the attempt failed with %s: %s"
              .formatted(failed.failure().code(), failed.failure().message()));
    }
    if (now.isBefore(failed.retryAt())) {
      return new Decision.Delay(failed.retryAt());
    }
    if (unknown && terms.contract() == Contract.VERIFIED) {
      return new Decision.Probe(failed.sentAt().plus(terms.settleAfter()));
    }
    if (step.failures() >= terms.attemptsMax()) {
      return new Decision.Halt(failed.failure());
    }
    return terms.contract() == Contract.KEYED
        ? whileKeyIsValid(terms, step, now)
        : new Decision.Again();
  }

  /** The margin is one timeout: an attempt that begins now may reach the target that late. */
  private static Decision whileKeyIsValid(Terms terms, StepHistory step, Instant now) {
    Optional<Instant> validUntil =
        terms.validFor().flatMap(validFor -> step.firstSend().map(sent -> sent.plus(validFor)));
    if (validUntil.isPresent() && now.plus(terms.timeout()).isAfter(validUntil.get())) {
      return new Decision.Doubt(
          "the target remembers the key until %s, too short for another attempt of up to %s"
              .formatted(validUntil.get(), terms.timeout()));
    }
    return new Decision.Again();
  }
}

package dev.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.StepHistory.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What one step's entries add up to. */
class StepHistoryTest {
  private static final Optional<Intent> FACT =
      Optional.of(new Intent(Intent.Scope.RUN, "refund[17]", 0));

  @Test
  void anIntentIsTheFirstAttempt() {
    StepHistory step = new Facts().intended(Contract.KEYED).step();

    assertThat(step.state()).isEqualTo(new State.Attempting(1, Facts.at(0)));
    assertThat(step.attempts()).isEqualTo(1);
    assertThat(step.key()).contains(new IdempotencyKey("key"));
    assertThat(step.call()).contains(Facts.call(Contract.KEYED));
    assertThat(step.firstSend()).contains(Facts.at(0));
    assertThat(step.sequence()).isZero();
  }

  @Test
  void theFirstClaimAfterAnAttemptDatesItsEnd() {
    assertThat(new Facts().intended(Contract.VERIFIED).step().takenOverAt()).isEmpty();
    assertThat(new Facts().intended(Contract.VERIFIED).claimed().claimed().step().takenOverAt())
        .contains(Facts.at(1));
    assertThat(new Facts().intended(Contract.VERIFIED).claimed().attempt(2).step().takenOverAt())
        .as("the next attempt is alive")
        .isEmpty();
    assertThat(
            new Facts()
                .intended(Contract.VERIFIED)
                .failed(1, Facts.UNKNOWN)
                .claimed()
                .step()
                .takenOverAt())
        .as("nothing was open")
        .isEmpty();
  }

  @Test
  void aFailedAttemptKeepsWhenItWasSentAtTheLatestAndWhenTheNextIsDue() {
    StepHistory step =
        new Facts()
            .intended(Contract.KEYED)
            .failed(1, Facts.NOT_SENT)
            .attempt(2)
            .failed(2, Facts.UNKNOWN)
            .step();

    assertThat(step.state())
        .isEqualTo(new State.Failed(Facts.UNKNOWN, Facts.at(3), Facts.at(3).plusMillis(100)));
    assertThat(step.attempts()).isEqualTo(2);
  }

  @Test
  void onlySendsThatMayHaveReachedTheTargetCount() {
    Facts notSent = new Facts().intended(Contract.KEYED).failed(1, Facts.NOT_SENT);
    assertThat(notSent.step().firstSend()).isEmpty();
    assertThat(notSent.attempt(2).step().firstSend()).contains(Facts.at(2));
    assertThat(notSent.failed(2, Facts.UNKNOWN).step().firstSend()).contains(Facts.at(2));
    Facts afterwards = notSent.attempt(3).failed(3, Facts.NOT_SENT);
    assertThat(afterwards.step().firstSend()).as("the lost one stays").contains(Facts.at(2));
    assertThat(afterwards.step().mayHaveHappenedBefore(3)).isTrue();
    assertThat(afterwards.step().mayHaveHappenedBefore(2)).isFalse();
  }

  @Test
  void aResumeDoesNotForgetASendThatMayHaveReachedTheTarget() {
    StepHistory step =
        new Facts()
            .intended(Contract.KEYED)
            .failed(1, Facts.UNKNOWN)
            .quarantined()
            .claimed()
            .resumed()
            .attempt(2)
            .failed(2, Facts.NOT_SENT)
            .step();
    assertThat(step.firstSend()).contains(Facts.at(0));
    assertThat(step.failures()).isEqualTo(1);
    assertThat(step.attempts()).isEqualTo(2);
  }

  @Test
  void aProbedTargetWithoutATraceForgetsEarlierSends() {
    StepHistory step = new Facts().intended(Contract.VERIFIED).claimed().attempt(2).step();

    assertThat(step.firstSend()).contains(Facts.at(2));
    assertThat(step.mayHaveHappenedBefore(2)).isFalse();
  }

  @Test
  void aLiveAttemptCountsFromWhenItWasSentHoweverLongItsIntentWaited() {
    Instant failedAt = Facts.at(9);
    StepHistory step = new Facts().intended(Contract.VERIFIED).step();
    step.sent(Facts.at(5));
    var failed = new Entry.AttemptFailed(step.path(), 1, Facts.UNKNOWN, failedAt);
    step.apply(new Recorded(1, 1, failedAt, failed));

    assertThat(step.state()).isEqualTo(new State.Failed(Facts.UNKNOWN, Facts.at(5), failedAt));
  }

  @Test
  void aRetryIsDueAtOnceAfterAResume() {
    StepHistory step =
        new Facts()
            .intended(Contract.KEYED)
            .failed(1, Facts.UNKNOWN)
            .quarantined()
            .claimed()
            .resumed()
            .step();

    assertThat(step.state()).isEqualTo(new State.Failed(Facts.UNKNOWN, Facts.at(1), Instant.MIN));
    assertThat(step.failures()).isZero();
  }

  @Test
  void whatNamesAFactAsksForItAgainAfterAResume() {
    StepHistory step =
        new Facts()
            .intended(Facts.PATH, Contract.ONCE, FACT)
            .gaveUp(Facts.NOT_SENT, 1)
            .quarantined()
            .claimed()
            .resumed()
            .step();

    assertThat(step.state()).isEqualTo(new State.Fresh());
    assertThat(step.attempts()).isZero();
    assertThat(step.intent()).isEqualTo(FACT);
  }

  @Test
  void aResumeTouchesTheStepThatHaltedTheRunAlone() {
    StepHistory step =
        new Facts()
            .intended(Contract.KEYED)
            .gaveUp(Facts.NOT_SENT, 1)
            .write(new Entry.RunQuarantined("a bug", Optional.empty()))
            .claimed()
            .resumed()
            .step();

    assertThat(step.state()).isEqualTo(new State.GaveUp(Facts.NOT_SENT, 1));
  }

  @Test
  void doubtsAreSettledEitherWay() {
    Facts doubted = new Facts().intended(Contract.ONCE).claimed().doubted(DoubtPolicy.ASK);
    assertThat(doubted.step().state()).isEqualTo(new State.Doubted("no answer", DoubtPolicy.ASK));
    assertThat(doubted.settled(new Verdict.DidNotHappen()).step().state())
        .isEqualTo(new State.Denied());
    assertThat(doubted.step().firstSend()).isEmpty();
    assertThat(
            new Facts()
                .intended(Contract.ONCE)
                .doubted(DoubtPolicy.ASK)
                .settled(new Verdict.Happened(Facts.RESULT))
                .step()
                .state())
        .isEqualTo(new State.Done(Facts.RESULT));
  }

  @Test
  void whatIsLearnedAfterProceedingIsKeptAndChangesNoPath() {
    var no = new Verdict.DidNotHappen();

    assertThat(
            new Facts()
                .intended(Contract.ONCE)
                .doubted(DoubtPolicy.PROCEED)
                .settled(no)
                .step()
                .state())
        .isEqualTo(new State.LeftUnknown("no answer", Optional.of(no)));
  }

  @Test
  void stepsWithoutAnIntentAreDoneInOneEntry() {
    var at = Instant.parse("2020-01-01T00:00:00Z");
    var path = new StepPath("now:clock#0");
    History history =
        new Facts()
            .write(new Entry.ClockRead(path, at))
            .write(new Entry.SeedDrawn(new StepPath("random:seed#0"), -7))
            .write(new Entry.ScopeOpened(new StepPath("par:p#0"), List.of("a", "b")))
            .write(
                new Entry.StepAnswered(
                    new StepPath("effect:r#0"), Facts.call(Contract.READ), Facts.RESULT))
            .history();

    assertThat(state(history, "now:clock#0")).isEqualTo(new State.Done(new Payload(at.toString())));
    assertThat(state(history, "random:seed#0")).isEqualTo(new State.Done(new Payload("-7")));
    assertThat(state(history, "par:p#0")).isEqualTo(new State.Done(Payload.NULL));
    assertThat(history.find(new StepPath("par:p#0")).orElseThrow().branches())
        .containsExactly("a", "b");
    assertThat(state(history, "effect:r#0")).isEqualTo(new State.Done(Facts.RESULT));
    assertThat(history.order(StepPath.ROOT))
        .extracting(StepPath::text)
        .containsExactly("now:clock#0", "random:seed#0", "par:p#0", "effect:r#0");
  }

  private static State state(History history, String path) {
    return history.find(new StepPath(path)).orElseThrow().state();
  }

  @Test
  void scopesKeepTheirOwnOrderHoweverBranchesInterleave() {
    var left = new StepPath("par:p#0/branch:l/effect:e#0");
    var right = new StepPath("par:p#0/branch:r/effect:e#0");
    var leftNext = new StepPath("par:p#0/branch:l/effect:e#1");
    History history =
        new Facts()
            .write(new Entry.ScopeOpened(new StepPath("par:p#0"), List.of("l", "r")))
            .intended(right, Contract.KEYED, Optional.empty())
            .intended(left, Contract.KEYED, Optional.empty())
            .write(new Entry.EffectSucceeded(right, Facts.RESULT, Entry.Origin.FRESH))
            .intended(leftNext, Contract.KEYED, Optional.empty())
            .history();

    assertThat(history.order(left.parent())).containsExactly(left, leftNext);
    assertThat(history.order(right.parent())).containsExactly(right);
    assertThat(history.order(StepPath.ROOT)).extracting(StepPath::text).containsExactly("par:p#0");
    assertThat(history.order(new StepPath("scope:none#0"))).isEmpty();
  }

  @Test
  void aHistoryKnowsItsInputAndWhetherItStandsQuarantined() {
    Facts facts =
        new Facts()
            .write(new Entry.RunStarted("w", "1", Facts.RESULT, "d"))
            .intended(Contract.KEYED)
            .quarantined();

    assertThat(facts.history().input()).isEqualTo(Facts.RESULT);
    assertThat(facts.history().quarantine()).isPresent();
    assertThat(facts.claimed().history().quarantine()).as("a claim is no resume").isPresent();
    assertThat(facts.resumed().history().quarantine()).isEmpty();
  }
}

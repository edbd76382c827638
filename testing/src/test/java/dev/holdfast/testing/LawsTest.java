package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each law of a history finds what breaks it, and nothing in the history up to there. */
class LawsTest {
  private static final Instant NOW = Instant.parse("2024-05-01T12:00:00Z");
  private static final StepPath STEP = StepPath.ROOT.child("effect", "pay", 0);
  private static final Entry.Call CALL = new Entry.Call(Contract.ONCE, "digest", Payload.NULL);
  private static final Entry STARTED =
      new Entry.RunStarted("w", "1", new Payload("\"r\""), "digest");
  private static final Entry INTENDED =
      new Entry.EffectIntended(STEP, CALL, new IdempotencyKey("k"), Optional.empty());
  private static final Entry DONE =
      new Entry.EffectSucceeded(STEP, Payload.NULL, Entry.Origin.FRESH);

  private static void unlawful(String law, Entry... entries) {
    var history = new ArrayList<Recorded>();
    history.add(new Recorded(0, 0, NOW, STARTED));
    for (Entry entry : entries) {
      history.add(new Recorded(history.size(), 1, NOW, entry));
    }
    unlawful(law, history);
  }

  private static void unlawful(String law, List<Recorded> history) {
    Laws.check(history.subList(0, history.size() - 1));
    assertThatThrownBy(() -> Laws.check(history)).hasMessageContaining(law);
  }

  @Test
  void aStepThatIsFinishedTwice() {
    unlawful("one outcome per step", INTENDED, DONE, DONE);
  }

  @Test
  void anAttemptAfterTheOutcome() {
    unlawful("no attempt after the outcome", INTENDED, DONE, new Entry.AttemptStarted(STEP, 2));
  }

  @Test
  void aTimerThatEndsEarly() {
    StepPath timer = StepPath.ROOT.child("timer", "rest", 0);
    unlawful(
        "no wait ends early",
        new Entry.WaitStarted(timer, NOW.plusSeconds(1)),
        new Entry.WaitEnded(timer));
  }

  @Test
  void aSignalThatIsTakenTwice() {
    unlawful(
        "received and taken once",
        new Entry.SignalReceived("go", "1", Payload.NULL, "ann", NOW),
        new Entry.SignalTaken(StepPath.ROOT.child("signal", "go", 0), "1", Payload.NULL),
        new Entry.SignalTaken(StepPath.ROOT.child("signal", "go", 1), "1", Payload.NULL));
  }

  @Test
  void aSuccessWithAnOpenDoubt() {
    unlawful(
        "no doubt is open at the end",
        INTENDED,
        new Entry.EffectDoubted(STEP, "lost", DoubtPolicy.PROCEED),
        new Entry.RunCompleted(Payload.NULL));
  }

  private static Entry intended(StepPath path, String undo) {
    return new Entry.EffectIntended(
        path,
        CALL,
        new IdempotencyKey("k" + path),
        Optional.empty(),
        Optional.of(new Entry.Undo.By(undo)));
  }

  @Test
  void anUndoBeforeThatOfALaterEffect() {
    StepPath later = StepPath.ROOT.child("effect", "send", 0);
    unlawful(
        "the last is undone first",
        intended(STEP, "undo"),
        DONE,
        intended(later, "undo"),
        new Entry.EffectSucceeded(later, Payload.NULL, Entry.Origin.FRESH),
        new Entry.RollbackStarted("no", Optional.empty()),
        intended(STEP.child("undo", "undo", 0), "none"));
  }

  @Test
  void aRaceThatIsWonTwice() {
    StepPath race = StepPath.ROOT.child("race", "first", 0);
    unlawful("one winner", new Entry.RaceWon(race, "a"), new Entry.RaceWon(race, "b"));
  }

  @Test
  void aStepAfterTheEnd() {
    unlawful(
        "nothing follows the end",
        new Entry.RunCompleted(Payload.NULL),
        new Entry.RunClaimed("w"),
        new Entry.ClockRead(StepPath.ROOT.child("now", "clock", 0), NOW));
  }

  @Test
  void aHistoryWithoutItsStart() {
    unlawful("begins with the start", List.of(new Recorded(0, 1, NOW, INTENDED)));
    unlawful("begins with the start", STARTED);
  }

  @Test
  void anEntryThatIsMissing() {
    var start = new Recorded(0, 0, NOW, STARTED);
    unlawful("sequence without gaps", List.of(start, new Recorded(2, 1, NOW, INTENDED)));
  }

  @Test
  void anEntryOfAnOlderClaim() {
    var start = new Recorded(0, 0, NOW, STARTED);
    var second = new Recorded(1, 2, NOW, INTENDED);
    unlawful("epochs grow", List.of(start, second, new Recorded(2, 1, NOW, DONE)));
  }

  @Test
  void aSecondIntent() {
    unlawful("one intent", INTENDED, INTENDED);
  }

  @Test
  void anAttemptThatNobodyMeant() {
    unlawful("intent before attempt", new Entry.AttemptStarted(STEP, 2));
  }

  @Test
  void anAttemptThatIsLeftOut() {
    unlawful("attempts in order", INTENDED, new Entry.AttemptStarted(STEP, 3));
  }

  @Test
  void aDoubtAboutWhatIsKnown() {
    unlawful(
        "no doubt after the outcome",
        INTENDED,
        DONE,
        new Entry.EffectDoubted(STEP, "lost", DoubtPolicy.ASK));
  }

  @Test
  void aVerdictOnWhatIsKnown() {
    unlawful(
        "only what is unknown is settled",
        INTENDED,
        DONE,
        new Entry.DoubtSettled(STEP, new Verdict.DidNotHappen(), "ann", ""));
  }

  @Test
  void anEndOfAWaitThatNeverBegan() {
    unlawful(
        "only what waits can be late", new Entry.WaitEnded(StepPath.ROOT.child("timer", "t", 0)));
  }

  @Test
  void aRepeatOfASignalThatIsReceived() {
    Entry signal = new Entry.SignalReceived("go", "1", Payload.NULL, "ann", NOW);
    unlawful("a repeat is no signal", signal, signal);
  }

  @Test
  void aDoubtThatARollbackPassesOver() {
    unlawful(
        "no doubt is open at the end but what was undone",
        intended(STEP, "undo"),
        new Entry.EffectDoubted(STEP, "lost", DoubtPolicy.ASK),
        new Entry.RollbackStarted("no", Optional.empty()),
        new Entry.RunCompensated("no", List.of(), List.of()));
  }

  @Test
  void aTurnThatIsPlayedAgain() {
    StepPath loop = StepPath.ROOT.child("turns", "looks", 0);
    unlawful(
        "a sealed turn is not played again",
        new Entry.ScopeOpened(loop, List.of()),
        new Entry.TurnSealed(loop.child("turn", "turn", 0), Payload.NULL, false),
        new Entry.ClockRead(loop.child("turn", "turn", 0).child("now", "clock", 0), NOW));
  }
}

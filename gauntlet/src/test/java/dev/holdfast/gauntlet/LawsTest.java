package dev.holdfast.gauntlet;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.gauntlet.Schedule.Moment;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each law finds a play that breaks it. */
class LawsTest {
  private static final Instant NOW = Instant.parse("2024-05-01T12:00:00Z");
  private static final RunId RUN = new RunId("r");
  private static final StepPath STEP = StepPath.ROOT.child("effect", "pay", 0);
  private static final Entry.Call CALL = new Entry.Call(Contract.ONCE, "digest", Payload.NULL);
  private static final Entry INTENDED =
      new Entry.EffectIntended(STEP, CALL, new IdempotencyKey("k"), Optional.empty());
  private static final Entry DONE =
      new Entry.EffectSucceeded(STEP, Payload.NULL, Entry.Origin.FRESH);
  private static final Entry COMPLETED = new Entry.RunCompleted(new Payload("1"));

  private final Outside outside = new Outside();
  private final Laws laws = new Laws(played(List.of(), Status.COMPLETED, COMPLETED));

  private Played<String> played(List<Schedule.Strike> strikes, Status status, Entry... entries) {
    var run =
        new RunState(
            RUN,
            "w",
            "1",
            status,
            1,
            Optional.empty(),
            NOW,
            NOW,
            "digest",
            Optional.empty(),
            Optional.empty());
    var history = new ArrayList<Recorded>();
    for (Entry entry : entries) {
      history.add(new Recorded(history.size(), 1, NOW, entry));
    }
    return new Played<>(
        new Schedule(1, strikes), "world", Map.of(run, history), List.of(), 0, outside);
  }

  private void holds(Status status, Entry... entries) {
    assertThatCode(() -> laws.check(played(List.of(), status, entries))).doesNotThrowAnyException();
  }

  private void broken(String law, Status status, Entry... entries) {
    assertThatThrownBy(() -> laws.check(played(List.of(), status, entries)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(law);
  }

  @Test
  void aRunThatIsLost() {
    var nothing = new Played<>(Schedule.calm(1), "world", Map.of(), List.of(), 0, outside);
    assertThatThrownBy(() -> laws.check(nothing)).hasMessageContaining("is lost");
  }

  @Test
  void aRunThatIsStillAtIt() {
    broken("has not ended: it is WAITING", Status.WAITING);
  }

  @Test
  void aResultThatIsAnother() {
    holds(Status.COMPLETED, COMPLETED);
    holds(Status.IN_DOUBT);
    Entry other = new Entry.RunCompleted(new Payload("2"));
    broken("without a fault it was", Status.COMPLETED, other);
    broken("without a fault it was", Status.FAILED);
    broken("without a fault it was", Status.QUARANTINED);
    broken("without a fault it was", Status.TRUNCATED, COMPLETED);
  }

  @Test
  void whatMayShowMayEndOtherwise() {
    var place = new Schedule.Place(Moment.BEFORE_CALL, RUN, STEP, 1);
    var rejected = List.of(new Schedule.Strike(Fault.REJECTED, place));
    assertThatCode(() -> laws.check(played(rejected, Status.FAILED))).doesNotThrowAnyException();
  }

  @Test
  void whatIsRepeatedThoughItDoesHarm() {
    outside.done(RUN, STEP);
    holds(Status.COMPLETED, INTENDED, DONE, COMPLETED);
    outside.done(RUN, STEP);
    broken("is 'once' and reached its target 2 times", Status.COMPLETED, INTENDED, DONE, COMPLETED);
    var no = new Entry.DoubtSettled(STEP, new Verdict.DidNotHappen(), "ann", "looked");
    holds(Status.COMPLETED, INTENDED, no, DONE, COMPLETED);
  }

  @Test
  void whatIsRecordedAndNeverHappened() {
    broken("never reached its target", Status.COMPLETED, INTENDED, DONE, COMPLETED);
  }

  @Test
  void whatIsSaidToHaveBeenFoundAndNeverHappened() {
    Entry found = new Entry.EffectSucceeded(STEP, Payload.NULL, Entry.Origin.RECONCILED);
    broken("never reached its target", Status.COMPLETED, INTENDED, found, COMPLETED);
    Entry another = new Entry.EffectSucceeded(STEP, Payload.NULL, Entry.Origin.DEDUPLICATED);
    holds(Status.COMPLETED, INTENDED, another, COMPLETED);
  }

  @Test
  void whatIsCalledByAProcessThatHadLostTheRun() {
    outside.done(RUN, STEP);
    outside.orphaned(RUN, STEP);
    broken("by a process that had lost the run", Status.COMPLETED, INTENDED, DONE, COMPLETED);
    Entry.Call look = new Entry.Call(Contract.READ, "digest", Payload.NULL);
    Entry looked = new Entry.EffectIntended(STEP, look, new IdempotencyKey("k"), Optional.empty());
    holds(Status.COMPLETED, looked, DONE, COMPLETED);
  }
}

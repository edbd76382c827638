package dev.holdfast.console;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.Wait;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Histories of runs for tests, written entry by entry, 10 ms apart. */
final class Histories {
  static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
  static final StepPath FIND = StepPath.ROOT.child("effect", "find-order", 0);
  static final StepPath REFUND = StepPath.ROOT.child("effect", "refund", 0);
  static final StepPath PICKUP = StepPath.ROOT.child("effect", "book-pickup", 0);

  private final List<Recorded> entries = new ArrayList<>();

  /** A refund whose answer was lost to a kill, then a pick-up in doubt that a person settled. */
  static List<Recorded> acrossCrashes() {
    var first = new Histories();
    first.add(1, new Entry.RunStarted("order-desk", "1", new Payload("\"4711\""), "digest"));
    first.add(1, new Entry.StepAnswered(FIND, call(Contract.READ), new Payload("{\"id\":1}")));
    first.add(1, intent(REFUND, Contract.KEYED));
    first.add(2, new Entry.RunClaimed("pid-2"));
    first.add(2, new Entry.AttemptStarted(REFUND, 2));
    first.add(
        2,
        new Entry.AttemptFailed(
            REFUND, 2, new Failure.Unknown("IOException", "no bytes"), START.plusSeconds(1)));
    first.add(2, new Entry.AttemptStarted(REFUND, 3));
    first.add(2, new Entry.EffectSucceeded(REFUND, new Payload("\"R-1\""), Entry.Origin.FRESH));
    first.add(2, intent(PICKUP, Contract.ONCE));
    return first.entries;
  }

  /** The same, found in doubt by a third worker. */
  static List<Recorded> inDoubt() {
    var doubt = new Histories();
    doubt.entries.addAll(acrossCrashes());
    doubt.add(3, new Entry.RunClaimed("pid-3"));
    doubt.add(3, new Entry.EffectDoubted(PICKUP, "the process ended", DoubtPolicy.ASK));
    doubt.add(3, new Entry.RunParked(List.of(new Wait.Doubt(PICKUP, "the process ended"))));
    return doubt.entries;
  }

  /** The same, settled and completed. */
  static List<Recorded> completed() {
    var done = new Histories();
    done.entries.addAll(inDoubt());
    done.add(4, new Entry.RunClaimed("pid-4"));
    var happened = new Verdict.Happened(new Payload("\"P-1\""));
    done.add(4, new Entry.DoubtSettled(PICKUP, happened, "ada", "the courier has it"));
    done.add(4, new Entry.RunCompleted(new Payload("\"done\"")));
    return done.entries;
  }

  /** A question that went to others and was answered by nobody, a signal, a timer, and the end. */
  static List<Recorded> ofPeople() {
    var people = new Histories();
    StepPath approval = StepPath.ROOT.child("approval", "manager", 0);
    StepPath signal = StepPath.ROOT.child("signal", "goods-back", 0);
    StepPath timer = StepPath.ROOT.child("timer", "pause", 0);
    Instant due = START.plusSeconds(60);
    var shown = new Payload("{\"cents\":4900}");
    people.add(1, new Entry.RunStarted("refund", "1", new Payload("1"), "digest"));
    people.add(1, new Entry.ApprovalAsked(approval, shown, "d", List.of("ada", "bob"), due, true));
    people.add(1, new Entry.RunParked(List.of(new Wait.Approval(approval, List.of("ada"), due))));
    people.add(2, new Entry.RunClaimed("pid-2"));
    people.add(2, new Entry.ApprovalAsked(approval, shown, "d", List.of("eve"), due, false));
    people.add(2, new Entry.WaitEnded(approval));
    people.add(2, new Entry.WaitStarted(signal, due));
    people.add(2, new Entry.RunParked(List.of(new Wait.Signal(signal, "goods-back", due))));
    people.add(3, new Entry.RunClaimed("pid-3"));
    people.add(3, new Entry.SignalTaken(signal, "scan-1", new Payload("\"P-9\"")));
    people.add(3, new Entry.WaitStarted(timer, due));
    people.add(3, new Entry.RunParked(List.of(new Wait.Timer(timer, due))));
    people.add(4, new Entry.RunClaimed("pid-4"));
    people.add(4, new Entry.CancelRequested("ada", "enough"));
    people.add(4, new Entry.RunCancelled("ada", "enough", List.of(PICKUP)));
    return people.entries;
  }

  static RunState state(Status status, long epoch) {
    return new RunState(
        new RunId("order-4711"),
        "order-desk",
        "1",
        status,
        epoch,
        Optional.empty(),
        START,
        START,
        "digest");
  }

  private static Entry intent(StepPath path, Contract contract) {
    return new Entry.EffectIntended(
        path, call(contract), new IdempotencyKey("key"), Optional.empty());
  }

  private static Entry.Call call(Contract contract) {
    return new Entry.Call(contract, "digest", new Payload("\"4711\""));
  }

  private void add(long epoch, Entry entry) {
    int sequence = entries.size();
    entries.add(new Recorded(sequence, epoch, START.plusMillis(10L * sequence), entry));
  }
}

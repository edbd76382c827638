package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.kernel.Admission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each law finds what is planted against it, and nothing where nothing is. */
class AuditTest {
  private static final Instant NOW = Instant.parse("2024-05-01T12:00:00Z");
  private static final StepPath STEP = StepPath.ROOT.child("effect", "pay", 0);
  private static final Entry.Call CALL = new Entry.Call(Contract.ONCE, "digest", Payload.NULL);

  private static final IdempotencyKey KEY = new IdempotencyKey("k");

  private final World world = new World();
  private final InMemoryJournal.Storage storage = new InMemoryJournal.Storage();
  private final InMemoryJournal journal = new InMemoryJournal(storage);
  private final List<Plan.PlannedRun> planned = new ArrayList<>();
  private final Audit audit =
      new Audit(
          new Plan(false, 1, Duration.ZERO, 1, planned, List.of(), List.of(), List.of()),
          world,
          storage,
          InstantSource.fixed(NOW));

  private MemoryRun claimed(String id) {
    journal.startClaimed(run(id, Optional.empty(), Optional.empty())).join();
    return found(id);
  }

  private MemoryRun found(String id) {
    MemoryRun found = storage.runs.get(new RunId(id));
    if (found == null) {
      throw new AssertionError("No run " + id);
    }
    return found;
  }

  private static NewRun run(String id, Optional<String> queue, Optional<String> session) {
    var key = new WorkflowKey("w", "1");
    var atOnce = new NewRun(new RunId(id), key, new Payload("\"%s\"".formatted(id)), "digest", NOW);
    return new NewRun(atOnce.id(), atOnce.started(), NOW, NOW, queue, Optional.empty(), session);
  }

  private void holds() {
    assertThatCode(audit::check).doesNotThrowAnyException();
  }

  private void broken(String law) {
    assertThatThrownBy(audit::check).isInstanceOf(AssertionError.class).hasMessageContaining(law);
  }

  @Test
  void anEffectThatHappensTwice() throws Exception {
    world.remember(new IdempotencyKey("a"), "fact");
    holds();
    world.remember(new IdempotencyKey("b"), "fact");
    broken("what is finished is not done again");
  }

  @Test
  void anEntryThatIsGone() {
    MemoryRun run = claimed("r");
    run.record(new Entry.RunClaimed("w"), NOW);
    holds();
    run.entries.removeLast();
    broken("prefix of the later one");
  }

  @Test
  void anEntryThatIsAnother() {
    MemoryRun run = claimed("r");
    run.record(new Entry.RunClaimed("w"), NOW);
    holds();
    run.entries.set(1, new Recorded(1, 1, NOW, new Entry.RunClaimed("v")));
    broken("prefix of the later one");
  }

  @Test
  void twoOwnersOfOneClaim() {
    MemoryRun run = claimed("r");
    holds();
    run.owner++;
    broken("one owner for each claim");
  }

  @Test
  void aStartThatWasAnsweredAndIsLost() {
    claimed("r");
    audit.acknowledged(new RunId("r"));
    holds();
    storage.runs.clear();
    broken("a start that was acknowledged");
  }

  @Test
  void aSignalThatWasAnsweredAndIsLost() {
    claimed("r");
    var signal = new Message.Signal("go", "1", Payload.NULL, "ann", "");
    audit.acknowledged(new RunId("r"), signal, 0);
    broken("a message that was acknowledged is kept: 'signal go#1' to r");
  }

  @Test
  void moreOfAQueueThanItsBound() {
    journal.register(Queue.of(Plan.QUEUE)).join();
    for (String id : List.of("a", "b")) {
      journal.start(run(id, Optional.of(Plan.QUEUE), Optional.empty())).join();
    }
    found("a").status = Status.EXECUTING;
    holds();
    found("b").status = Status.EXECUTING;
    broken("a queue's bound holds");
  }

  @Test
  void twoMessagesOfASessionAtATime() {
    for (String id : List.of("a", "b")) {
      journal.start(run(id, Optional.empty(), Optional.of(Plan.SESSION))).join();
    }
    found("a").epoch = 1;
    holds();
    found("b").epoch = 1;
    broken("go one after the other");
  }

  private void plan(Program program, List<Program.Act> acts) {
    planned.add(
        new Plan.PlannedRun(
            "r", program, acts, acts, List.of(), Admission.AT_ONCE, Plan.Fate.NONE));
  }

  @Test
  void anEndWithoutWhatItStandsFor() {
    var act = new Program.Act("act", "fact", Contract.KEYED, Optional.empty());
    plan(act, List.of(act));
    MemoryRun run = claimed("r");
    run.record(new Entry.RunCompleted(new Payload("\"answer to fact\"")), NOW);
    run.status = Status.COMPLETED;
    assertThatThrownBy(audit::checkEnd).hasMessageContaining("ledger and world agree");
  }

  @Test
  void aResultThatIsAnother() {
    plan(new Program.Compute("c"), List.of());
    MemoryRun run = claimed("r");
    run.record(new Entry.RunCompleted(new Payload("\"d\"")), NOW);
    run.status = Status.COMPLETED;
    assertThatThrownBy(audit::checkEnd)
        .hasMessageContaining("the result is that of an undisturbed run: r");
  }

  private MemoryRun completed(Optional<String> session) {
    var compute = new Program.Compute("c");
    Admission admission = session.map(Admission::inSession).orElse(Admission.AT_ONCE);
    planned.add(
        new Plan.PlannedRun(
            "r", compute, List.of(), List.of(), List.of(), admission, Plan.Fate.NONE));
    journal.start(run("r", Optional.empty(), session)).join();
    MemoryRun run = found("r");
    run.record(new Entry.RunCompleted(new Payload("\"c\"")), NOW);
    run.status = Status.COMPLETED;
    return run;
  }

  @Test
  void aFactThatIsHeldByWhoHasEnded() {
    MemoryRun run = completed(Optional.empty());
    assertThatCode(audit::checkEnd).doesNotThrowAnyException();
    storage.ledger.put(
        new Fact(
            "fact",
            0,
            Fact.State.HELD,
            run.start.id(),
            STEP,
            "digest",
            Payload.NULL,
            Payload.NULL));
    assertThatThrownBy(audit::checkEnd).hasMessageContaining("no run that has ended holds a fact");
  }

  @Test
  void aSessionThatIsNotHandedOn() {
    completed(Optional.of(Plan.SESSION));
    assertThatThrownBy(audit::checkEnd)
        .hasMessageContaining("a session hands on what its completed messages said");
  }

  @Test
  void anEndThatIsNone() {
    claimed("r");
    plan(new Program.Compute("c"), List.of());
    assertThatThrownBy(audit::checkEnd).hasMessageContaining("every run completes");
  }

  @Test
  void aDecisionThatChanges() {
    world.decided("race#0 of r", "a");
    world.decided("race#0 of r", "a");
    holds();
    world.decided("race#0 of r", "b");
    broken("a decision does not change");
  }

  @Test
  void aDeadlineThatIsEarly() {
    MemoryRun run = claimed("r");
    run.record(new Entry.RunTruncated("deadline", "The run had no time."), NOW);
    broken("no deadline is early");
  }

  @Test
  void aStepThatBeginsAfterTheDeadline() {
    NewRun late = run("r", Optional.empty(), Optional.empty());
    Entry.RunStarted plain = late.started();
    var started =
        new Entry.RunStarted(
            plain.workflow(),
            plain.version(),
            plain.input(),
            plain.inputDigest(),
            Optional.of(NOW),
            Optional.empty(),
            plain.manifest());
    journal
        .startClaimed(
            new NewRun(
                late.id(), started, NOW, NOW, Optional.empty(), Optional.empty(), Optional.empty()))
        .join();
    found("r").record(new Entry.EffectIntended(STEP, CALL, KEY, Optional.empty()), NOW);
    holds();
    StepPath next = StepPath.ROOT.child("effect", "pay", 1);
    Instant after = NOW.plusMillis(1);
    found("r").record(new Entry.EffectIntended(next, CALL, KEY, Optional.empty()), after);
    broken("nothing begins after the deadline");
  }
}

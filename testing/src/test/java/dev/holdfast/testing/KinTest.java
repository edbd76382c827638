package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.NewRun;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each law between a run and its child finds what breaks it, and nothing before. */
class KinTest {
  private static final Instant NOW = Instant.parse("2024-05-01T12:00:00Z");
  private static final RunId PARENT = new RunId("parent");
  private static final RunId CHILD = new RunId("child");
  private static final StepPath RACE = StepPath.ROOT.child("race", "first", 0);
  private static final StepPath STEP = RACE.branch("slow").child("child", "pack", 0);
  private static final Entry CHILD_STARTED =
      new Entry.ChildStarted(STEP, CHILD, "w", "digest", Optional.empty());
  private static final Entry COMPLETED = new Entry.RunCompleted(Payload.NULL);
  private static final Entry CANCELLED = new Entry.RunCancelled("ann", "no", List.of());

  private final Map<RunId, MemoryRun> runs = new HashMap<>();
  private final Kin kin = new Kin(runs);

  private static Entry.RunStarted started(
      Optional<Instant> deadline, Optional<Entry.Parent> parent) {
    return new Entry.RunStarted("w", "1", Payload.NULL, "digest", deadline, parent, Map.of());
  }

  private void begin(RunId id, Entry.RunStarted started) {
    var fresh =
        new NewRun(id, started, NOW, NOW, Optional.empty(), Optional.empty(), Optional.empty());
    var run = new MemoryRun(fresh, runs.size());
    runs.put(id, run);
    kin.follow(run, started);
  }

  private void parent(Optional<Instant> deadline) {
    begin(PARENT, started(deadline, Optional.empty()));
  }

  private void child(Optional<Instant> deadline) {
    begin(CHILD, started(deadline, Optional.of(new Entry.Parent(PARENT, STEP, 1))));
  }

  private void happens(RunId id, Entry entry) {
    MemoryRun run = run(id);
    run.record(entry, NOW);
    kin.follow(run, entry);
  }

  private MemoryRun run(RunId id) {
    MemoryRun run = runs.get(id);
    if (run == null) {
      throw new AssertionError("No run " + id);
    }
    return run;
  }

  private static void unlawful(String law, Runnable breach) {
    assertThatThrownBy(breach::run).isInstanceOf(AssertionError.class).hasMessageContaining(law);
  }

  @Test
  void aChildThatNobodyAnnounced() {
    parent(Optional.empty());
    unlawful("whoever starts a run has said so before", () -> child(Optional.empty()));
  }

  @Test
  void aChildWithMoreTimeThanItsParent() {
    parent(Optional.of(NOW));
    happens(PARENT, CHILD_STARTED);
    child(Optional.of(NOW));
    String law = "a child has no more time than its parent";
    unlawful(law, () -> child(Optional.of(NOW.plusMillis(1))));
    unlawful(law, () -> child(Optional.empty()));
  }

  @Test
  void anEndThatTheChildNeverCameTo() {
    parent(Optional.empty());
    happens(PARENT, CHILD_STARTED);
    child(Optional.empty());
    happens(CHILD, COMPLETED);
    happens(PARENT, new Entry.ChildEnded(STEP, new Entry.RunCompleted(Payload.NULL)));
    var other = new Entry.ChildEnded(STEP, new Entry.RunCancelled("ann", "no", List.of()));
    unlawful("a child's end is the one that it came to", () -> happens(PARENT, other));
  }

  @Test
  void aParentThatIsCancelledBeforeItsChildHasEnded() {
    parent(Optional.empty());
    happens(PARENT, CHILD_STARTED);
    child(Optional.empty());
    unlawful("a child does not outlive its parent", () -> happens(PARENT, CANCELLED));
    run(CHILD).status = Status.CANCELLED;
    happens(PARENT, CANCELLED);
  }

  @Test
  void aParentThatCompletesWithoutAWordToItsChild() {
    parent(Optional.empty());
    happens(PARENT, CHILD_STARTED);
    child(Optional.empty());
    unlawful("a child does not outlive its parent untold", () -> happens(PARENT, COMPLETED));
    happens(PARENT, new Entry.ChildCancelled(STEP, "it lost"));
    happens(PARENT, COMPLETED);
  }

  @Test
  void aChildThatIsCancelledForNoReason() {
    parent(Optional.empty());
    happens(PARENT, CHILD_STARTED);
    child(Optional.empty());
    var byParent = new Entry.CancelRequested("run " + PARENT, "it lost a race");
    happens(CHILD, new Entry.CancelRequested("ann", "no longer wanted"));
    String law = "a child is cancelled where its parent needs it no more";
    unlawful(law, () -> happens(CHILD, byParent));
    happens(PARENT, new Entry.RaceWon(RACE, "slow"));
    unlawful(law, () -> happens(CHILD, byParent));
  }

  @Test
  void aChildThatIsCancelledSinceAnotherBranchWon() {
    parent(Optional.empty());
    happens(PARENT, CHILD_STARTED);
    child(Optional.empty());
    happens(PARENT, new Entry.RaceWon(RACE, "quick"));
    happens(CHILD, new Entry.CancelRequested("run " + PARENT, "it lost a race"));
  }
}

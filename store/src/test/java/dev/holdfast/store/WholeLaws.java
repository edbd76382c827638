package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Queue;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What holds in the end of {@link WholeKernel}, wherever it was crashed. */
final class WholeLaws {
  private static final String ANSWER = "packed %s parcel 2 4 now true true sun";
  private static final List<String> ONE_EACH =
      List.of(
          "map", "car", "guide", "meal 0", "meal 1", "meal 2", "meal 3", "seat", "guard", "visa",
          "parcel");

  /** What a step may have in its record more than once. */
  private static final Set<Class<?>> REPEATED =
      Set.of(
          Entry.AttemptStarted.class,
          Entry.AttemptFailed.class,
          Entry.EffectDoubted.class,
          Entry.DoubtSettled.class,
          Entry.WaitStarted.class,
          Entry.ChildCancelled.class);

  private final JournalReader reader;
  private final Outside outside;

  WholeLaws(JournalReader reader, Outside outside) {
    this.reader = reader;
    this.outside = outside;
  }

  private List<Recorded> entries(String run) {
    return reader.entries(new RunId(run), 0, 10_000);
  }

  private <E extends Entry> List<E> entries(String run, Class<E> type) {
    return entries(run).stream()
        .map(Recorded::entry)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  private List<RunState> runs() {
    return reader.runs(Set.of(), 0, 100);
  }

  /** How many turns each run has sealed. */
  Map<String, Integer> daysSealed() {
    var sealed = new HashMap<String, Integer>();
    for (RunState run : runs()) {
      String id = run.id().text();
      sealed.put(id, entries(id, Entry.TurnSealed.class).size());
    }
    return sealed;
  }

  void check() throws SQLException {
    ends();
    for (RunState run : runs()) {
      steps(run.id().text());
      if (run.status() != Status.TRUNCATED) { // one that is resumed still hears of its child
        assertThat(reader.mail(run.id())).as("mail of %s", run.id()).isEmpty();
      }
    }
    facts();
    choices("first");
    choices("second");
    undone();
    shared();
  }

  private void ends() {
    assertThat(statuses()).containsExactlyInAnyOrderEntriesOf(expectedStatuses());
    assertThat(completed("first")).isEqualTo(ANSWER.formatted("first"));
    assertThat(completed("fork")).isEqualTo(ANSWER.formatted("first"));
    assertThat(completed("last")).isEqualTo("first");
    assertThat(entries("fork", Entry.AnswerTaken.class))
        .extracting(Entry.AnswerTaken::path)
        .contains(Trips.CUT);
    assertThat(entries("errand", Entry.RunTruncated.class))
        .extracting(Entry.RunTruncated::limit)
        .containsExactly("deadline");
  }

  /** Of the runs that somebody started; a child that lost its race need not have begun. */
  private Map<String, Status> statuses() {
    var statuses = new TreeMap<String, Status>();
    for (RunState run : runs()) {
      String id = run.id().text();
      if (id.endsWith("child:ask#0") || id.endsWith("child:wait#0")) {
        assertThat(run.status()).as(id).isIn(Status.CANCELLED, Status.TRUNCATED);
      } else {
        statuses.put(id, run.status());
      }
    }
    return statuses;
  }

  private static Map<String, Status> expectedStatuses() {
    return Map.of(
        "first", Status.COMPLETED,
        "first/child:pack#0", Status.COMPLETED,
        "fork", Status.COMPLETED,
        "second", Status.COMPENSATED,
        "second/child:pack#0", Status.COMPENSATED,
        "last", Status.COMPLETED,
        "visit", Status.CANCELLED,
        "errand", Status.TRUNCATED);
  }

  private String completed(String run) {
    return text(entries(run, Entry.RunCompleted.class).getFirst().result());
  }

  /** What a step came to is recorded once, as is each turn that a run took. */
  private void steps(String run) {
    assertThat(
            entries(run, Entry.OfStep.class).stream()
                .filter(entry -> !REPEATED.contains(entry.getClass()))
                .map(entry -> entry.getClass().getSimpleName() + " " + entry.path() + kind(entry)))
        .as("outcomes of the steps of %s", run)
        .doesNotHaveDuplicates();
  }

  /** A child ends a second time when it is rolled back. */
  private static String kind(Entry.OfStep entry) {
    return entry instanceof Entry.ChildEnded ended ? ended.end().getClass().getSimpleName() : "";
  }

  private void facts() throws SQLException {
    List<String> happened = outside.happened();
    assertThat(happened).doesNotHaveDuplicates();
    for (String what : ONE_EACH) {
      assertThat(happened).contains("first " + what, "second " + what);
    }
    assertThat(happened)
        .contains("club", "first after nobody", "second after first", "visit flowers")
        .noneMatch(fact -> fact.startsWith("fork") || fact.startsWith("undo first"));
    assertThat(outside.booked("first room")).isEqualTo(1);
    assertThat(outside.booked("second room")).isEqualTo(1);
    assertThat(happened.indexOf("first visa")).isLessThan(happened.indexOf("second after first"));
  }

  /** What a trip decided once it has stood by: its draw, the winner of its race and its patch. */
  private void choices(String trip) {
    String winner = entries(trip, Entry.RaceWon.class).getFirst().label();
    boolean isNew =
        entries(trip, Entry.PatchApplied.class).stream()
            .anyMatch(patch -> patch.path().name().equals("letters"));
    assertThat(outside.happened())
        .contains(trip + " prize " + winner, trip + " bid " + winner)
        .contains(trip + " letter " + (isNew ? "new" : "old"));
    for (String choice : List.of("ticket ", "prize ", "letter ")) {
      assertThat(outside.happened())
          .filteredOn(fact -> fact.startsWith(trip + " " + choice))
          .as(choice)
          .hasSize(1);
    }
    assertThat(entries(trip, Entry.TurnSealed.class)).hasSize(Trips.DAYS);
  }

  /** All that the second trip did is undone, the last first. */
  private void undone() {
    List<String> done = done("second");
    List<String> undone =
        outside.happened().stream()
            .filter(fact -> fact.startsWith(Outside.undoOf("second ")))
            .toList();
    assertThat(undone).isEqualTo(done.reversed().stream().map(Outside::undoOf).toList());
    Entry.RunCompensated end = entries("second", Entry.RunCompensated.class).getFirst();
    assertThat(end.undone()).hasSameSizeAs(done);
    assertThat(end.left()).hasSizeLessThanOrEqualTo(2); // the club, and a child that was asked
  }

  /** What a run and its child did, in the order in which it was known to have happened. */
  private List<String> done(String run) {
    var facts = new HashMap<StepPath, String>();
    for (Entry.EffectIntended intended : entries(run, Entry.EffectIntended.class)) {
      String fact = text(intended.call().input());
      if (!intended.path().kind().equals("undo") && fact.startsWith(run)) {
        facts.put(intended.path(), fact);
      }
    }
    var done = new LinkedHashMap<StepPath, String>();
    for (Entry.OfStep entry : entries(run, Entry.OfStep.class)) {
      fact(entry, facts)
          .ifPresent(fact -> {
            done.remove(entry.path()); // the last word on a step gives it its place
            done.put(entry.path(), fact);
          });
    }
    return List.copyOf(done.values());
  }

  /** What happened by that entry, if anything did that is to be undone. */
  private static Optional<String> fact(Entry.OfStep entry, Map<StepPath, String> facts) {
    boolean isDone =
        entry instanceof Entry.EffectSucceeded
            || (entry instanceof Entry.DoubtSettled settled
                && settled.verdict() instanceof Verdict.Happened);
    if (entry instanceof Entry.ChildEnded ended && ended.end() instanceof Entry.RunCompleted) {
      return Optional.of("second parcel");
    }
    return isDone ? Optional.ofNullable(facts.get(entry.path())) : Optional.empty();
  }

  private static String text(Payload payload) {
    return payload.text().replace("\"", "");
  }

  /** What the runs share: the ledger's facts, the session's state and the queue. */
  private void shared() {
    for (String fact : List.of("club[\"member\"]", "visa[\"first\"]")) {
      assertThat(reader.fact(fact).map(Fact::state)).as(fact).contains(Fact.State.HAPPENED);
    }
    assertThat(reader.fact("visa[\"second\"]").map(Fact::state)).contains(Fact.State.FREE);
    assertThat(reader.sessionState("traveller").map(WholeLaws::text)).contains("first");
    assertThat(reader.load(WholeKernel.QUEUE.name()))
        .contains(new Queue.Load(WholeKernel.QUEUE, 0, 0));
  }
}

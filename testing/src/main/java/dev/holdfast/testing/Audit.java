package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.json.JsonCodec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The laws of everything that a simulation plays, checked after every event. */
final class Audit {
  /** What was seen of one run so far. */
  private static final class Seen {
    private final Laws laws = new Laws();
    private final List<Recorded> history = new ArrayList<>();
    private final Map<Long, Long> owners = new HashMap<>();
  }

  private record Letter(RunId run, String id) {}

  private final Plan plan;
  private final World world;
  private final InMemoryJournal.Storage storage;
  private final Map<RunId, Seen> seen = new LinkedHashMap<>();
  private final Set<RunId> runs = new HashSet<>();
  private final Map<RunId, Plan.PlannedRun> planned = new HashMap<>();
  private final Set<Letter> letters = new HashSet<>();
  private final Set<RunId> resumed = new HashSet<>();
  private final Set<RunId> rollingBack = new HashSet<>();
  private final Promises promises;
  private final Kin kin;
  private final Set<RunId> cancelling = new HashSet<>();
  private final InstantSource clock;
  private Instant clockRead = Instant.MIN;
  private int entries;

  Audit(Plan plan, World world, InMemoryJournal.Storage storage, InstantSource clock) {
    this.plan = plan;
    this.world = world;
    this.storage = storage;
    this.clock = clock;
    this.promises = new Promises(storage.runs);
    this.kin = new Kin(storage.runs);
  }

  /** That run's start was answered. */
  void acknowledged(RunId run) {
    runs.add(run);
  }

  /** That message was answered, sent when the run's history had that length. */
  void acknowledged(RunId run, Message message, int from) {
    promises.given(run, message, from);
  }

  /** Somebody is about to send that signal. */
  void sending(RunId run, String signal) {
    letters.add(new Letter(run, signal));
  }

  /** Somebody is about to have that run undone. */
  void rollingBack(RunId run) {
    rollingBack.add(run);
  }

  /** Somebody is about to cancel that run. */
  void cancelling(RunId run) {
    cancelling.add(run);
  }

  int entries() {
    return entries;
  }

  /** Fails where what is recorded, or what has happened, breaks a law. */
  void check() {
    Instant now = clock.instant();
    clockRead = now.isAfter(clockRead) ? now : clockRead;
    storage.runs.values().forEach(this::check);
    world.requireAtMostOnce();
    world.requireOneDecision();
    checkQueues();
    checkSession();
    for (RunId run : runs) {
      require(storage.runs.containsKey(run), "a start that was acknowledged is kept", run);
    }
    promises.check();
  }

  private void check(MemoryRun run) {
    Seen known = seen.computeIfAbsent(run.start.id(), fresh -> new Seen());
    int before = known.history.size();
    if (run.entries.size() < before
        || (before > 0 && !run.entries.get(before - 1).equals(known.history.getLast()))) {
      throw new AssertionError(
          "each history is a prefix of the later one: run %s had %s, has %s"
              .formatted(run.start.id(), known.history, run.entries));
    }
    for (Recorded recorded : List.copyOf(run.entries.subList(before, run.entries.size()))) {
      known.history.add(recorded);
      known.laws.follow(recorded, clockRead);
      kin.follow(run, recorded.entry());
      checkTime(run, recorded);
      entries++;
      if (recorded.entry() instanceof Entry.SignalReceived signal) {
        var letter = new Letter(run.start.id(), signal.id());
        require(letters.contains(letter), "nothing is received that nobody sent", letter);
      }
    }
    if (run.status == Status.EXECUTING) {
      Long owner = known.owners.putIfAbsent(run.epoch, run.owner);
      require(owner == null || owner == run.owner, "one owner for each claim", run.start.id());
    }
  }

  /** Nothing begins after a deadline, and no run ends by it earlier. */
  private void checkTime(MemoryRun run, Recorded recorded) {
    Optional<Instant> deadline = run.start.started().deadline();
    if (recorded.entry() instanceof Entry.RunResumed) {
      resumed.add(run.start.id());
    }
    if (recorded.entry() instanceof Entry.RunTruncated truncated) {
      boolean isOver = deadline.filter(due -> !due.isAfter(clockRead)).isPresent();
      require(isOver && truncated.limit().equals("deadline"), "no deadline is early", run.state());
    }
    if (recorded.entry() instanceof Entry.EffectIntended && plan.isPunctual()) {
      boolean isInTime = deadline.filter(due -> due.isBefore(recorded.at())).isEmpty();
      boolean isFree = resumed.contains(run.start.id()) || isRollback(run);
      require(isInTime || isFree, "nothing begins after the deadline", recorded);
    }
  }

  private static boolean isRollback(MemoryRun run) {
    return run.entries.stream().anyMatch(its -> its.entry() instanceof Entry.RollbackStarted);
  }

  private Seen seenOf(RunId run) {
    return Objects.requireNonNull(seen.get(run), run.text());
  }

  private void checkQueues() {
    requireRoom(Plan.QUEUE, plan.concurrencyMax());
    requireRoom(Plan.NARROW_QUEUE, 1);
  }

  private void requireRoom(String queue, int concurrencyMax) {
    int executing = 0;
    for (MemoryRun run : storage.runs.values()) {
      boolean isQueued = run.start.queue().filter(queue::equals).isPresent();
      executing += isQueued && run.status == Status.EXECUTING ? 1 : 0;
    }
    require(executing <= concurrencyMax, "a queue's bound holds", executing);
  }

  private void checkSession() {
    boolean isOneUnderWay = false;
    for (MemoryRun run : storage.runs.values()) {
      if (run.start.session().isPresent()) {
        boolean hasBegun = run.status != Status.READY || run.epoch > 0;
        require(
            !(isOneUnderWay && hasBegun),
            "the messages of a session go one after the other, in order",
            run.start.id());
        isOneUnderWay |= !run.status.isEnded();
      }
    }
  }

  private static void require(boolean holds, String law, Object where) {
    if (!holds) {
      throw new AssertionError("%s: %s".formatted(law, where));
    }
  }

  /** Fails where the end is not what an undisturbed simulation comes to. */
  void checkEnd() {
    check();
    promises.checkEnd();
    storage
        .runs
        .values()
        .forEach(run ->
            assertThat(run.entries)
                .as("what was seen is what is kept")
                .isEqualTo(seenOf(run.start.id()).history));
    new Ending(world, storage, this).check();
  }

  boolean isCancelling(MemoryRun run) {
    return cancelling.contains(run.start.id());
  }

  boolean isRollingBack(MemoryRun run) {
    return rollingBack.contains(run.start.id());
  }

  /** What that run was planned to do. */
  Plan.PlannedRun planned(MemoryRun run) {
    return planned.computeIfAbsent(
        run.start.id(), id -> plan.planned(text(run.start.started().input())));
  }

  static String text(Payload payload) {
    return String.valueOf(JsonCodec.standard().decode(payload, String.class));
  }

  /** A digest of every entry: the same for the same schedule. */
  int fingerprint() {
    return Objects.hash(
        storage.runs.values().stream().map(run -> run.entries.toString()).toArray());
  }

  @Override
  public String toString() {
    var told = new StringBuilder();
    for (MemoryRun run : storage.runs.values()) {
      told.append("%n%s".formatted(run.state()));
      run.entries.forEach(entry -> told.append("%n  %s".formatted(entry)));
    }
    return told.toString();
  }
}

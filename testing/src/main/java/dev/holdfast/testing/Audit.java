package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Fact;
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
import java.util.Set;

/** The laws of everything that a simulation plays, checked after every event. */
final class Audit {
  /** What was seen of one run so far. */
  private static final class Seen {
    private final Laws laws = new Laws();
    private final List<Recorded> history = new ArrayList<>();
    private final Set<String> received = new HashSet<>();
    private final Map<Long, Long> owners = new HashMap<>();
  }

  private record Letter(RunId run, String id) {}

  private final Plan plan;
  private final World world;
  private final InMemoryJournal.Storage storage;
  private final Map<RunId, Seen> seen = new LinkedHashMap<>();
  private final Set<RunId> runs = new HashSet<>();
  private final Set<Letter> letters = new HashSet<>();
  private final Set<RunId> cancelling = new HashSet<>();
  private final InstantSource clock;
  private Instant clockRead = Instant.MIN;
  private int entries;

  Audit(Plan plan, World world, InMemoryJournal.Storage storage, InstantSource clock) {
    this.plan = plan;
    this.world = world;
    this.storage = storage;
    this.clock = clock;
  }

  /** That run's start was answered. */
  void acknowledged(RunId run) {
    runs.add(run);
  }

  /** That signal was answered. */
  void acknowledged(RunId run, String signal) {
    letters.add(new Letter(run, signal));
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
    checkQueue();
    checkSession();
    for (RunId run : runs) {
      require(storage.runs.containsKey(run), "a start that was acknowledged is kept", run);
    }
    letters.forEach(this::checkKept);
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
      entries++;
      if (recorded.entry() instanceof Entry.SignalReceived signal) {
        known.received.add(signal.id());
      }
    }
    if (run.status == Status.EXECUTING) {
      Long owner = known.owners.putIfAbsent(run.epoch, run.owner);
      require(owner == null || owner == run.owner, "one owner for each claim", run.start.id());
    }
  }

  private Seen seenOf(RunId run) {
    return Objects.requireNonNull(seen.get(run), run.text());
  }

  private void checkKept(Letter letter) {
    MemoryRun run = Objects.requireNonNull(storage.runs.get(letter.run()));
    boolean isKept =
        run.status.isEnded()
            || seenOf(letter.run()).received.contains(letter.id())
            || run.mail.stream()
                .anyMatch(mail ->
                    mail.message() instanceof Message.Signal signal
                        && signal.id().equals(letter.id()));
    require(isKept, "a signal that was acknowledged is kept", letter);
  }

  private void checkQueue() {
    int executing = 0;
    for (MemoryRun run : storage.runs.values()) {
      boolean isQueued = run.start.queue().isPresent();
      executing += isQueued && run.status == Status.EXECUTING ? 1 : 0;
    }
    require(executing <= plan.concurrencyMax(), "a queue's bound holds", executing);
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
    var session = new StringBuilder();
    for (MemoryRun run : storage.runs.values()) {
      assertThat(run.entries)
          .as("what was seen is what is kept")
          .isEqualTo(seenOf(run.start.id()).history);
      Plan.PlannedRun planned = planned(run.start.id());
      boolean isCompleted = run.status == Status.COMPLETED;
      assertThat(isCompleted || (run.status == Status.CANCELLED && isCancelling(run)))
          .as("every run completes, unless it is cancelled: %s", run.state())
          .isTrue();
      if (isCompleted) {
        checkCompleted(run, planned);
        session.append(planned.isInSession() ? planned.id() + ";" : "");
      }
    }
    assertThat(storage.sessions.state(Plan.SESSION).map(Audit::text).orElse(""))
        .as("a session hands on what its completed messages said")
        .isEqualTo(session.toString());
    checkLedger();
  }

  private boolean isCancelling(MemoryRun run) {
    return cancelling.contains(run.start.id());
  }

  private Plan.PlannedRun planned(RunId id) {
    return plan.runs().stream().filter(run -> run.id().equals(id.text())).findFirst().orElseThrow();
  }

  private static String text(dev.holdfast.journal.Payload payload) {
    return String.valueOf(JsonCodec.standard().decode(payload, String.class));
  }

  private void checkCompleted(MemoryRun run, Plan.PlannedRun planned) {
    assertThat(run.entries.getLast().entry()).isInstanceOf(Entry.RunCompleted.class);
    Entry.RunCompleted completed = (Entry.RunCompleted) run.entries.getLast().entry();
    assertThat(text(completed.result()))
        .as("the result is that of an undisturbed run: %s", run.start.id())
        .isEqualTo(planned.program().expected());
    for (Program.Act act : planned.acts()) {
      assertThat(world.happened(act.fact()))
          .as("ledger and world agree: %s", act)
          .isEqualTo(act.contract() == Contract.READ ? 0 : 1);
    }
  }

  private void checkLedger() {
    for (Fact fact : storage.ledger.in(Fact.State.HAPPENED, Integer.MAX_VALUE)) {
      assertThat(world.happened(text(fact.input()))).as("ledger and world agree: %s", fact).isOne();
    }
    assertThat(storage.ledger.in(Fact.State.HELD, Integer.MAX_VALUE))
        .as("no run that has ended holds a fact")
        .isEmpty();
    for (Fact fact : storage.ledger.in(Fact.State.FREE, Integer.MAX_VALUE)) {
      assertThat(world.happened(text(fact.input())))
          .as("ledger and world agree: %s", fact)
          .isZero();
    }
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

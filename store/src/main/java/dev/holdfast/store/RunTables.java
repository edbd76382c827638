package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Start;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What any process may write into a store, within a transaction of its connection. */
final class RunTables {
  /** The columns that {@link #state} reads, in its order. */
  static final String STATE_COLUMNS =
      "id, workflow, version, status, epoch, ready_at, started_at, changed_at, input_digest,"
          + " queue, session";

  /** The runs of which more is left than their ids. */
  static final String THERE =
      "(gone IS DISTINCT FROM 'PURGING' AND gone IS DISTINCT FROM 'PURGED')";

  /** What the index of unfinished runs says; SQLite knows it by these very words. */
  static final String NOT_ENDED =
      "status NOT IN ('COMPLETED', 'TRUNCATED', 'FAILED', 'CANCELLED', 'COMPENSATED')";

  /** The number of a run that was accepted just now, or what the start led to instead. */
  record Accepted(long number, Optional<Start> other) {
    Start start() {
      return other.orElseGet(() -> new Start.Fresh(Optional.empty()));
    }
  }

  private final String location;
  private final Vault vault;
  private final Ledger ledger;
  private final Queues queues;
  private final Sessions sessions;
  private final PreparedStatement insertRun;
  private final PreparedStatement findRun;
  private final PreparedStatement insertEntry;
  private final PreparedStatement insertText;
  private final PreparedStatement insertMail;
  private final PreparedStatement stand;

  RunTables(Connection connection, String location, Vault vault) throws SQLException {
    this.location = location;
    this.vault = vault;
    ledger = new Ledger(connection, vault);
    queues = new Queues(connection);
    sessions = new Sessions(connection, vault);
    insertRun =
        connection.prepareStatement(
            "INSERT INTO run (id, workflow, version, status, epoch, owner, ready_at, started_at,"
                + " changed_at, input_digest, queue, deduplication, session, subject)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                + " coalesce(?, (SELECT p.subject FROM run AS p WHERE p.id = ?)))"
                + " ON CONFLICT (id) DO NOTHING RETURNING number");
    findRun =
        connection.prepareStatement(
            "SELECT " + STATE_COLUMNS + ", number, gone FROM run WHERE id = ?");
    insertEntry =
        connection.prepareStatement(
            "INSERT INTO entry (run, sequence, epoch, at, body) VALUES (?, ?, ?, ?, ?)");
    insertText =
        connection.prepareStatement(
            "INSERT INTO payload (run, digest, text) VALUES (?, ?, ?)"
                + " ON CONFLICT (run, digest) DO NOTHING");
    insertMail =
        connection.prepareStatement("INSERT INTO mailbox (run, at, body) VALUES (?, ?, ?)");
    stand =
        connection.prepareStatement(
            "UPDATE run SET status = ?, ready_at = ?, owner = 0, changed_at = ?, awaits = ?,"
                + " deaths = 0 WHERE number = ?");
  }

  Vault vault() {
    return vault;
  }

  Ledger ledger() {
    return ledger;
  }

  Queues queues() {
    return queues;
  }

  Sessions sessions() {
    return sessions;
  }

  /** Accepts a run: ready for anyone, or executed by that owner at once. */
  Accepted accept(NewRun run, List<EncodedEntry> beginning, long owner) throws SQLException {
    if (run.queue().isPresent()) {
      Optional<Start> other = other(run.id());
      other = other.isPresent() ? other : queues.refusal(run);
      if (other.isPresent()) {
        return new Accepted(0, other);
      }
    }
    long at = Micros.of(run.at());
    bind(run, owner, at);
    try (ResultSet inserted = insertRun.executeQuery()) {
      if (!inserted.next()) {
        return new Accepted(0, other(run.id()));
      }
      long number = inserted.getLong(1);
      for (int sequence = 0; sequence < beginning.size(); sequence++) {
        insert(number, sequence, 0, at, beginning.get(sequence));
      }
      if (run.session().isPresent() && !sessions.enter(run.session().get(), number)) {
        sessions.awaitTurn(number, readyAt(run), at);
      }
      return new Accepted(number, Optional.empty());
    }
  }

  private void bind(NewRun run, long owner, long at) throws SQLException {
    boolean isClaimed = owner != 0;
    insertRun.setString(1, run.id().text());
    insertRun.setString(2, run.workflow().name());
    insertRun.setString(3, run.workflow().version());
    insertRun.setString(4, (isClaimed ? Status.EXECUTING : Status.READY).name());
    insertRun.setLong(5, isClaimed ? 1 : 0);
    insertRun.setLong(6, owner);
    insertRun.setObject(7, isClaimed ? null : readyAt(run));
    insertRun.setLong(8, at);
    insertRun.setLong(9, at);
    insertRun.setString(10, run.inputDigest());
    insertRun.setString(11, run.queue().orElse(null));
    insertRun.setString(12, run.deduplication().orElse(null));
    insertRun.setString(13, run.session().orElse(null));
    insertRun.setString(14, run.subject().map(vault::closeSubject).orElse(null));
    insertRun.setString(15, run.heirOf().map(RunId::text).orElse(null));
  }

  /** What is not delayed is ready in the very microsecond in which it was asked for. */
  static long readyAt(NewRun run) {
    return run.readyAt().equals(run.at()) ? Micros.of(run.at()) : Micros.notBefore(run.readyAt());
  }

  void insert(long run, long sequence, long epoch, long at, EncodedEntry entry)
      throws SQLException {
    for (EncodedEntry.Text text : entry.texts()) {
      insertText.setLong(1, run);
      insertText.setString(2, text.digest());
      insertText.setString(3, text.text());
      insertText.executeUpdate();
    }
    insertEntry.setLong(1, run);
    insertEntry.setLong(2, sequence);
    insertEntry.setLong(3, epoch);
    insertEntry.setLong(4, at);
    insertEntry.setString(5, entry.body());
    insertEntry.executeUpdate();
  }

  /**
   * Puts a message into a run's mailbox and makes it ready unless somebody executes it.
   *
   * @throws IllegalStateException where the run takes no such message
   */
  void send(RunId id, Message message, Instant now) throws SQLException {
    findRun.setString(1, id.text());
    try (ResultSet row = findRun.executeQuery()) {
      if (!row.next()) {
        throw new IllegalStateException(
            "There is no run %s in %s. Check the id.".formatted(id, location));
      }
      RunState state = state(row);
      refuseEnded(id, state.status(), message);
      refuseGone(id, row.getString(13));
      deliver(row.getLong(12), state, message, now);
    }
  }

  /** Puts a letter into the mailbox of its run, unless that has ended for good or is gone. */
  void tell(Release.Letter letter, Instant now) throws SQLException {
    findRun.setString(1, letter.to().text());
    try (ResultSet row = findRun.executeQuery()) {
      if (row.next()) {
        RunState state = state(row);
        if (mayGoOn(state.status())) {
          deliver(row.getLong(12), state, letter.message(), now);
        }
      }
    }
  }

  private void deliver(long run, RunState state, Message message, Instant now) throws SQLException {
    long at = Micros.of(now);
    insertMail.setLong(1, run);
    insertMail.setLong(2, at);
    insertMail.setString(3, vault.write(state.id(), message));
    insertMail.executeUpdate();
    if (isWokenBy(message, state, now)) {
      wake(run, at);
    }
  }

  /** Mail changes nothing about when a run may be claimed that is ready, but a cancel is soon. */
  static boolean isWokenBy(Message message, RunState state, Instant now) {
    return switch (state.status()) {
      case EXECUTING -> false;
      case READY -> message.endsTheRun() && state.readyAt().filter(now::isBefore).isPresent();
      case WAITING, AWAITING_APPROVAL, IN_DOUBT, QUARANTINED, FAILED, CANCELLED, COMPENSATED ->
          true;
      case COMPLETED, TRUNCATED -> message.reopens(state.status());
    };
  }

  /** A truncated run may find that another of its session has the turn. */
  private void wake(long run, long at) throws SQLException {
    if (sessions.hasTurn(run)) {
      ready(run, at);
    } else {
      sessions.awaitTurn(run, at, at);
    }
  }

  /**
   * Settles a fact in doubt in the place of a run that has ended.
   *
   * @throws IllegalStateException where the fact is not in doubt or its run has not ended
   */
  void settle(Fact settled, Instant now) throws SQLException {
    RunId holder = ledger.requireDoubtful(settled).run();
    findRun.setString(1, holder.text());
    try (ResultSet row = findRun.executeQuery()) {
      refuseUnended(
          settled, holder, row.next() ? Optional.of(state(row).status()) : Optional.empty());
    }
    ledger.put(settled, Micros.of(now));
  }

  /** Refuses to settle a fact whose run can do so itself. */
  static void refuseUnended(Fact settled, RunId holder, Optional<Status> status) {
    if (status.filter(RunTables::mayGoOn).isPresent()) {
      throw new IllegalStateException(
          "The fact '%s' belongs to run %s, which has not ended (%s). Settle that run's doubt."
              .formatted(settled.name(), holder, status.get()));
    }
  }

  /** A truncated run goes on once it is resumed, and settles its doubts itself. */
  static boolean mayGoOn(Status status) {
    return !status.isEnded() || status == Status.TRUNCATED;
  }

  /** Makes a run ready that nobody executes from now on. */
  void ready(long run, long at) throws SQLException {
    stand(run, Status.READY, Optional.of(at), Optional.empty(), at);
  }

  /** Says where a run stands that nobody executes from now on. */
  void stand(long run, Status status, Optional<Long> readyAt, Optional<String> awaits, long at)
      throws SQLException {
    stand.setString(1, status.name());
    stand.setObject(2, readyAt.orElse(null));
    stand.setLong(3, at);
    stand.setString(4, awaits.map(vault::name).orElse(null));
    stand.setLong(5, run);
    stand.executeUpdate();
  }

  /** What a start with that id leads to, where there is or was a run of it. */
  private Optional<Start> other(RunId id) throws SQLException {
    findRun.setString(1, id.text());
    try (ResultSet row = findRun.executeQuery()) {
      return row.next() ? Optional.of(taken(row)) : Optional.empty();
    }
  }

  /** What a start leads to whose id has that row of the state's columns, its number, and gone. */
  static Start taken(ResultSet row) throws SQLException {
    RunState state = state(row);
    return row.getString(13) == null ? new Start.Existing(state) : new Start.Gone(state.id());
  }

  /** Refuses a message to a run that was erased or purged. */
  static void refuseGone(RunId id, @Nullable String gone) {
    if (gone != null) {
      throw new IllegalStateException(
          "The data of run %s was erased or purged: it takes no message. Start another run."
              .formatted(id));
    }
  }

  /** Refuses a message to a run that takes no more. */
  static void refuseEnded(RunId id, Status status, Message message) {
    if (status.isEnded() && !message.reopens(status)) {
      throw new IllegalStateException(
          "Run %s has ended (%s) and takes no %s. Start another run."
              .formatted(id, status, message.getClass().getSimpleName()));
    }
  }

  /** The run in a row of {@link #STATE_COLUMNS}. */
  static RunState state(ResultSet row) throws SQLException {
    long readyAt = row.getLong(6);
    boolean hasNoTime = row.wasNull();
    return new RunState(
        new RunId(row.getString(1)),
        row.getString(2),
        row.getString(3),
        Status.valueOf(row.getString(4)),
        row.getLong(5),
        hasNoTime ? Optional.empty() : Optional.of(Micros.instant(readyAt)),
        Micros.instant(row.getLong(7)),
        Micros.instant(row.getLong(8)),
        row.getString(9),
        Optional.ofNullable(row.getString(10)),
        Optional.ofNullable(row.getString(11)));
  }
}

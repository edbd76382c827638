package dev.holdfast.store;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Reservation;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.json.JsonCodec;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one batch of a worker does: rows that gather until they are written together, and statements
 * in between. For the writer's thread.
 */
final class PostgresBatch {
  private final Connection connection;
  private final Claims claims;
  private final Membership.Batch number;
  private final PostgresTables tables;
  private PostgresTables answering;
  private final PostgresRows rows = new PostgresRows();
  private final Map<RunId, Long> started = new HashMap<>();
  private boolean hasBegun;
  private long nowMicros;

  PostgresBatch(
      Connection connection, Claims claims, Membership.Batch number, PostgresTables tables) {
    this.connection = connection;
    this.claims = claims;
    this.number = number;
    this.tables = tables;
    this.answering = tables;
  }

  PostgresTables tables() {
    return tables;
  }

  Membership.Batch number() {
    return number;
  }

  /** The database's time at the last write. */
  long nowMicros() {
    return nowMicros;
  }

  /** Writes the rows that have gathered; the first time, even none, it finds the worker's row. */
  void flush() throws SQLException {
    Membership.Batch part = hasBegun ? Membership.more(number) : number;
    Optional<PostgresRows.Answer> answer = rows.write(connection, part);
    if (answer.isEmpty()) {
      throw new TakenOver(number.worker());
    }
    hasBegun = true;
    nowMicros = answer.get().nowMicros();
    answer.get().started().forEach(this::begin);
    rows.clear();
  }

  /** A run exists that was asked for in this batch. */
  void begin(RunId run, long runNumber) {
    started.put(run, runNumber);
    if (rows.isStartedHere(run)) {
      claims.hold(run, new Claims.Held(runNumber, 1, 1, 0));
    }
  }

  /** Adds a run, for this worker to execute or for anyone. */
  void start(NewRun run, EncodedEntry first, boolean isClaimed) {
    Optional<String> subject = run.subject().map(tables.vault()::closeSubject);
    rows.start(run, subject, first, isClaimed ? number.worker() : 0);
    if (!isClaimed) {
      tables.woke();
    }
  }

  /** Whether a run of that id is to be started by this batch already. */
  boolean starts(RunId run) {
    return rows.starts(run) || started.containsKey(run);
  }

  /** Whether the run did not exist before this batch. */
  boolean hasStarted(RunId run) {
    return started.containsKey(run);
  }

  /** The runs that this batch asked to start. */
  Set<RunId> asked() {
    return rows.asked();
  }

  /** What is told of this batch is read through those: its own connection was lost. */
  void answerFrom(PostgresTables others) {
    answering = others;
  }

  /** What a start leads to whose id is taken, once the batch is durable. */
  Start taken(RunId run) throws SQLException {
    return answering.taken(run);
  }

  /** Adds entries of a run; facts of the ledger are checked and kept at once. */
  void append(Append append, List<EncodedEntry> entries) throws SQLException {
    Claims.Held held = claims.held(append.run(), append.epoch(), append.firstSequence());
    for (Fact fact : append.facts()) {
      tables.ledger().requireHeldBy(append.run(), fact);
    }
    long at = Micros.of(append.at());
    long sequence = held.nextSequence();
    for (EncodedEntry entry : entries) {
      rows.entry(held.run(), sequence++, held.epoch(), at, entry);
    }
    rows.consume(held.run(), append.consumed());
    append.gaps().ifPresent(gaps -> rows.cover(held.run(), gaps));
    for (Fact fact : append.facts()) {
      tables.keep(fact, at);
    }
    if (append.release().isPresent()) {
      Release release = append.release().get();
      release(append.run(), release, held.run(), at);
      claims.release(append.run());
      if (release.letter().isPresent()) {
        flush(); // the one that is told may be given up by this very batch
        tables.tell(release.letter().get(), append.at());
      }
    } else {
      hold(append.run(), held, append.entries());
    }
  }

  /** Goes on holding a run after these entries; one that got further forgets who died of it. */
  private void hold(RunId run, Claims.Held held, List<Entry> written) {
    boolean isFurther = held.deaths() > 0 && written.stream().anyMatch(Entry::isOutcome);
    if (isFurther) {
      rows.forgive(held.run());
    }
    long next = held.nextSequence() + written.size();
    int deaths = isFurther ? 0 : held.deaths();
    claims.hold(run, new Claims.Held(held.run(), held.epoch(), next, deaths));
  }

  private void release(RunId id, Release release, long run, long at) throws SQLException {
    Optional<String> awaits = release.status().isEnded() ? Optional.empty() : release.awaits();
    boolean isOver = awaits.isPresent() && !tables.ledger().isHeld(awaits.get());
    Optional<Long> readyAt = isOver ? Optional.of(at) : release.readyAt().map(Micros::notBefore);
    rows.release(
        new PostgresRows.Released(
            run,
            isOver ? dev.holdfast.journal.Status.READY : release.status(),
            readyAt,
            isOver ? Optional.empty() : awaits.map(tables.ledger()::key),
            at));
    if (awaits.isPresent() && !isOver) {
      // Whoever gives the fact up later in this very batch looks for the runs that await it.
      flush();
    }
    if (!release.status().isEnded()) {
      tables.woke();
    } else if (claims.isAdmitted(id)) {
      flush();
      tables.sessions().ended(run, release.handedOn(), at);
      tables.woke();
    }
  }

  /** Adds the entry that the fact's row decides on, and keeps the row as it is from then on. */
  Entry reserve(Reservation asked, Seal seal) throws SQLException {
    Claims.Held held = claims.held(asked.run(), asked.epoch(), asked.sequence());
    Optional<Fact> row = tables.ledger().locked(asked.fact());
    Reservation.Decision decision = asked.decide().apply(row);
    long at = Micros.of(asked.at());
    EncodedEntry entry =
        EncodedEntry.of(JsonCodec.standard(), seal, held.nextSequence(), decision.entry());
    rows.entry(held.run(), held.nextSequence(), held.epoch(), at, entry);
    if (decision.fact().isPresent()) {
      tables.keep(decision.fact().get(), at);
    }
    hold(asked.run(), held, List.of(decision.entry()));
    return decision.entry();
  }

  /** Claims runs that are ready, without waiting for those that others are at. */
  List<Claim> claim(Set<WorkflowKey> workflows, Instant now, int countMax) throws SQLException {
    flush();
    List<WorkflowKey> keys = List.copyOf(workflows);
    return new PostgresClaims(connection, number.worker(), claims)
        .claim(
            texts(keys.stream().map(WorkflowKey::name).toArray(String[]::new)),
            texts(keys.stream().map(WorkflowKey::version).toArray(String[]::new)),
            now,
            countMax);
  }

  /** Claims that run if it is ready. */
  Optional<Claim> claim(RunId run, Instant now) throws SQLException {
    flush();
    return new PostgresClaims(connection, number.worker(), claims).claim(run, now);
  }

  private Array texts(String[] values) throws SQLException {
    return connection.createArrayOf("text", values);
  }
}

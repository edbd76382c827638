package dev.holdfast.store;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Reservation;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.json.JsonCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the executing process writes, within the writer's transactions. */
final class ExecutorTables {
  static final String LAST_SEQUENCE =
      "SELECT max(sequence), (SELECT gaps FROM run WHERE number = ?1) FROM entry"
          + " WHERE run = ?1";
  static final String CONSUME = "DELETE FROM mailbox WHERE number = ? AND run = ?";
  static final String NEW_MAIL =
      "SELECT 1 FROM mailbox WHERE run = ?1"
          + " AND at >= (SELECT changed_at FROM run WHERE number = ?1) LIMIT 1";
  static final String ANY_MAIL = "SELECT 1 FROM mailbox WHERE run = ? LIMIT 1";

  private final RunTables tables;
  private final ReadyRuns readyRuns;
  private final Claims claims;
  private final long opened;
  private final PreparedStatement selectOpened;
  private final PreparedStatement claim;
  private final PreparedStatement lastSequence;
  private final PreparedStatement consume;
  private final PreparedStatement anyMail;
  private final PreparedStatement newMail;
  private final PreparedStatement forgive;
  private final PreparedStatement leave;
  private final PreparedStatement cover;
  private final Witness witness;
  private volatile boolean mayHaveOrphans;

  ExecutorTables(Connection connection, String location, long opened, Vault vault)
      throws SQLException {
    this(connection, location, opened, vault, new Claims());
  }

  /** The same, of an executor that holds those claims. */
  ExecutorTables(Connection connection, String location, long opened, Vault vault, Claims claims)
      throws SQLException {
    this.claims = claims;
    this.tables = new RunTables(connection, location, vault);
    this.readyRuns = new ReadyRuns(connection, tables.queues(), opened);
    this.opened = opened;
    selectOpened = connection.prepareStatement("SELECT value FROM meta WHERE name = 'opened'");
    claim =
        connection.prepareStatement(
            "UPDATE run SET epoch = ?, owner = ?, status = 'EXECUTING', ready_at = NULL,"
                + " awaits = NULL, changed_at = ?, deaths = ? WHERE number = ?");
    forgive = connection.prepareStatement("UPDATE run SET deaths = 0 WHERE number = ?");
    leave =
        connection.prepareStatement(
            "UPDATE run SET owner = 0 WHERE status = 'EXECUTING' AND owner = ?");
    cover = connection.prepareStatement("UPDATE run SET gaps = ? WHERE number = ?");
    lastSequence = connection.prepareStatement(LAST_SEQUENCE);
    consume = connection.prepareStatement(CONSUME);
    anyMail = connection.prepareStatement(ANY_MAIL);
    newMail = connection.prepareStatement(NEW_MAIL);
    witness = new Witness(connection, opened);
    mayHaveOrphans = readyRuns.orphanExists();
  }

  /** Whether runs of an executor that is gone may still wait to be claimed. */
  boolean mayHaveOrphans() {
    return mayHaveOrphans;
  }

  /** Whether no later opening has taken the store over. */
  boolean isStillMine() throws SQLException {
    try (ResultSet row = selectOpened.executeQuery()) {
      return row.getLong(1) == opened;
    }
  }

  /** Makes sure that {@link #isKept} can tell later what became of this transaction. */
  void seal() throws SQLException {
    witness.seal(claims.anyHeld(), claims.anyReleased());
  }

  /** Whether the last transaction that was sealed is in the store after all. */
  boolean isKept() throws SQLException {
    return witness.isKept();
  }

  /** The transaction is durable: so is what it changed here. */
  void committed() {
    claims.commit();
  }

  /** The transaction never was. */
  void rolledBack() {
    claims.rollBack();
    mayHaveOrphans = true;
  }

  /** The runs that this opening executes, by their numbers; for any thread. */
  Map<Long, RunId> executing() {
    return claims.executing();
  }

  RunTables common() {
    return tables;
  }

  Start startClaimed(NewRun run, List<EncodedEntry> beginning) throws SQLException {
    RunTables.Accepted accepted = tables.accept(run, beginning, opened);
    if (accepted.other().isPresent()) {
      return accepted.start();
    }
    claims.hold(run.id(), new Claims.Held(accepted.number(), 1, 1, 0));
    return new Start.Fresh(Optional.of(new Claim(run.id(), run.workflow(), 1, 1)));
  }

  List<Claim> claim(Set<WorkflowKey> workflows, Instant now, int countMax) throws SQLException {
    var taken = new ArrayList<Claim>();
    for (ReadyRuns.Ready ready :
        readyRuns.find(workflows, mayHaveOrphans, Micros.of(now), countMax)) {
      taken.add(take(ready, now));
    }
    mayHaveOrphans = mayHaveOrphans && readyRuns.orphanExists();
    return List.copyOf(taken);
  }

  Optional<Claim> claim(RunId run, Instant now) throws SQLException {
    Optional<ReadyRuns.Ready> found = readyRuns.find(run, Micros.of(now));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Claim taken = take(found.get(), now);
    mayHaveOrphans = mayHaveOrphans && readyRuns.orphanExists();
    return Optional.of(taken);
  }

  /** Writes the entry that the fact's row decides on, and the row as it is from then on. */
  Entry reserve(Reservation asked, Seal seal) throws SQLException {
    Claims.Held held = claims.held(asked.run(), asked.epoch(), asked.sequence());
    Reservation.Decision decision = asked.decide().apply(tables.ledger().find(asked.fact()));
    long at = Micros.of(asked.at());
    EncodedEntry entry =
        EncodedEntry.of(JsonCodec.standard(), seal, held.nextSequence(), decision.entry());
    tables.insert(held.run(), held.nextSequence(), held.epoch(), at, entry);
    if (decision.fact().isPresent()) {
      tables.ledger().put(decision.fact().get(), at);
    }
    hold(asked.run(), held, List.of(decision.entry()));
    return decision.entry();
  }

  void append(Append append, List<EncodedEntry> entries) throws SQLException {
    Claims.Held held = claims.held(append.run(), append.epoch(), append.firstSequence());
    for (Fact fact : append.facts()) {
      tables.ledger().requireHeldBy(append.run(), fact);
    }
    long at = Micros.of(append.at());
    long sequence = held.nextSequence();
    for (EncodedEntry entry : entries) {
      tables.insert(held.run(), sequence++, held.epoch(), at, entry);
    }
    for (long number : append.consumed()) {
      consume.setLong(1, number);
      consume.setLong(2, held.run());
      consume.executeUpdate();
    }
    for (Fact fact : append.facts()) {
      tables.ledger().put(fact, at);
    }
    if (append.gaps().isPresent()) {
      cover.setString(1, Claim.Gap.text(append.gaps().get()));
      cover.setLong(2, held.run());
      cover.executeUpdate();
    }
    if (append.release().isPresent()) {
      Release release = append.release().get();
      release(release, held, at);
      claims.release(append.run());
      if (release.letter().isPresent()) {
        tables.tell(release.letter().get(), append.at());
      }
    } else {
      hold(append.run(), held, append.entries());
    }
  }

  /** Goes on holding a run after these entries; one that got further forgets who died of it. */
  private void hold(RunId run, Claims.Held held, List<Entry> written) throws SQLException {
    int deaths = held.deaths();
    if (deaths > 0 && written.stream().anyMatch(Entry::isOutcome)) {
      forgive.setLong(1, held.run());
      forgive.executeUpdate();
      deaths = 0;
    }
    claims.hold(
        run,
        new Claims.Held(held.run(), held.epoch(), held.nextSequence() + written.size(), deaths));
  }

  /** Leaves the runs that still execute to whoever comes next: their executor did not die. */
  void leave() throws SQLException {
    leave.setLong(1, opened);
    leave.executeUpdate();
  }

  private void release(Release release, Claims.Held held, long at) throws SQLException {
    boolean isEnd = release.status().isEnded();
    if (!isEnd && (hasMail(held.run(), release.status()) || isOver(release.awaits()))) {
      tables.ready(held.run(), at);
    } else {
      Optional<Long> readyAt = release.readyAt().map(Micros::notBefore);
      Optional<String> awaits = isEnd ? Optional.empty() : release.awaits();
      tables.stand(held.run(), release.status(), readyAt, awaits, at);
    }
    if (isEnd) {
      tables.sessions().ended(held.run(), release.handedOn(), at);
    }
  }

  /** Whether what a run waits for was released while it was on its way to wait. */
  private boolean isOver(Optional<String> awaits) throws SQLException {
    return awaits.isPresent() && !tables.ledger().isHeld(awaits.get());
  }

  /** What came before the claim wakes no run that was set aside, perhaps without reading it. */
  private boolean hasMail(long run, Status status) throws SQLException {
    PreparedStatement mail = status == Status.QUARANTINED ? newMail : anyMail;
    mail.setLong(1, run);
    try (ResultSet row = mail.executeQuery()) {
      return row.next();
    }
  }

  private Claim take(ReadyRuns.Ready ready, Instant now) throws SQLException {
    long epoch = ready.epoch() + 1;
    claim.setLong(1, epoch);
    claim.setLong(2, opened);
    claim.setLong(3, Micros.of(now));
    claim.setInt(4, ready.deaths());
    claim.setLong(5, ready.number());
    claim.executeUpdate();
    return taken(ready, epoch);
  }

  private Claim taken(ReadyRuns.Ready ready, long epoch) throws SQLException {
    lastSequence.setLong(1, ready.number());
    try (ResultSet row = lastSequence.executeQuery()) {
      long next = row.getLong(1) + 1;
      claims.hold(ready.id(), new Claims.Held(ready.number(), epoch, next, ready.deaths()));
      List<Claim.Gap> gaps = Claim.Gap.parse(row.getString(2));
      return new Claim(ready.id(), ready.workflow(), epoch, next, ready.deaths(), gaps);
    }
  }
}

package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Fact;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * The business facts of a store on PostgreSQL, within a transaction of its connection.
 *
 * <p>Who reads a fact in order to change it, or to wait for it, locks it first, whether it has a
 * row or not; the lock ends with the transaction.
 */
final class PostgresLedger {
  static final String FIND = "SELECT body FROM holdfast.fact WHERE key = ?";
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(number) FROM (SELECT DISTINCT hashtextextended(key, 0)"
          + " AS number FROM unnest(?) AS key ORDER BY number OFFSET 0) AS numbers";
  private static final String PUT =
      "INSERT INTO holdfast.fact (key, name, state, run, body) VALUES (?, ?, ?, ?, ?)"
          + " ON CONFLICT (key) DO UPDATE SET state = excluded.state, run = excluded.run,"
          + " body = excluded.body";
  static final String WAKE =
      "UPDATE holdfast.run SET status = 'READY', ready_at = ?, changed_at = ?, awaits = NULL"
          + " WHERE awaits = ? AND owner = 0";

  private final Connection connection;
  private final Vault vault;
  private final Set<String> locked = new HashSet<>();

  PostgresLedger(Connection connection, Vault vault) {
    this.vault = vault;
    this.connection = connection;
  }

  /** What stands for a fact's name in indexes. */
  String key(String name) {
    return key(vault, name);
  }

  /** What stands for a fact's name in indexes. */
  static String key(Vault vault, String name) {
    try {
      byte[] bytes = vault.name(name).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }

  /**
   * Keeps others from reading these facts, to change or await them, until this transaction ends.
   */
  void lock(Set<String> names) throws SQLException {
    Object[] keys = names.stream().map(this::key).filter(locked::add).toArray();
    if (keys.length > 0) {
      try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
        lock.setArray(1, connection.createArrayOf("text", keys));
        lock.execute();
      }
    }
  }

  /** The fact as it stands and stays until this transaction ends. */
  Optional<Fact> locked(String name) throws SQLException {
    lock(Set.of(name));
    try (PreparedStatement find = connection.prepareStatement(FIND)) {
      find.setString(1, key(name));
      try (ResultSet row = find.executeQuery()) {
        return row.next() ? Ledger.named(vault.readFact(row.getString(1)), name) : Optional.empty();
      }
    }
  }

  /** Whether a step is at a fact; that stays so until this transaction ends. */
  boolean isHeld(String name) throws SQLException {
    return locked(name).filter(fact -> fact.state() == Fact.State.HELD).isPresent();
  }

  /**
   * Keeps a fact's row, and makes the runs ready that wait for it where nobody is at it.
   *
   * @return whether some may have become ready
   */
  boolean put(Fact fact, long at) throws SQLException {
    try (PreparedStatement put = connection.prepareStatement(PUT)) {
      put.setString(1, key(Ledger.whole(fact.name())));
      // For people and for order; the body has it whole.
      put.setString(2, vault.name(fact.name()).replace('\0', ' '));
      put.setString(3, fact.state().name());
      put.setString(4, fact.run().text());
      put.setString(5, vault.write(fact));
      put.executeUpdate();
    }
    return fact.state() != Fact.State.HELD && wake(fact.name(), at);
  }

  private boolean wake(String name, long at) throws SQLException {
    try (PreparedStatement wake = connection.prepareStatement(WAKE)) {
      wake.setLong(1, at);
      wake.setLong(2, at);
      wake.setString(3, key(name));
      return wake.executeUpdate() > 0;
    }
  }

  /**
   * Checks that a run may say how a fact stands.
   *
   * @throws IllegalStateException where the fact is not that run's
   */
  void requireHeldBy(RunId run, Fact changed) throws SQLException {
    changed.requireHeldBy(run, locked(changed.name()));
  }

  /**
   * Checks that a person may settle a fact.
   *
   * @return the fact as it stands
   * @throws IllegalStateException where it is not in doubt, or it would not be settled
   */
  Fact requireDoubtful(Fact settled) throws SQLException {
    return settled.requireDoubtful(locked(settled.name()));
  }
}

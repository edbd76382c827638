package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Fact;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The business facts of a store, within a transaction of its connection. */
final class Ledger {
  static final String FIND = "SELECT body FROM fact WHERE name IN (?, ?)";
  static final String WAKE =
      "UPDATE run SET status = 'READY', ready_at = ?1, changed_at = ?1, awaits = NULL"
          + " WHERE awaits = ?2 AND owner = 0";

  private final Vault vault;
  private final PreparedStatement find;
  private final PreparedStatement put;
  private final PreparedStatement wake;

  Ledger(Connection connection, Vault vault) throws SQLException {
    this.vault = vault;
    find = connection.prepareStatement(FIND);
    put =
        connection.prepareStatement(
            "INSERT INTO fact (name, state, run, body) VALUES (?, ?, ?, ?) ON CONFLICT (name)"
                + " DO UPDATE SET state = excluded.state, run = excluded.run,"
                + " body = excluded.body");
    wake = connection.prepareStatement(WAKE);
  }

  Optional<Fact> find(String name) throws SQLException {
    find.setString(1, vault.name(name));
    find.setString(2, erasedKey(vault, name).orElse(null));
    try (ResultSet row = find.executeQuery()) {
      return row.next() ? named(vault.readFact(row.getString(1)), name) : Optional.empty();
    }
  }

  /** The fact that was asked for by that name, if it is that one; an erased one forgot its name. */
  static Optional<Fact> named(Fact found, String name) {
    if (found.state() == Fact.State.ERASED) {
      return Optional.of(renamed(found, name));
    }
    // A name that UTF-8 cannot hold might find the row of another one.
    return Optional.of(found).filter(fact -> fact.name().equals(name));
  }

  private static Fact renamed(Fact found, String name) {
    return new Fact(
        name,
        found.generation(),
        found.state(),
        found.run(),
        found.path(),
        found.inputDigest(),
        found.input(),
        found.result());
  }

  /** What an erased fact is found by where its name stood before. */
  static Optional<String> erasedKey(Vault vault, String name) {
    return vault == PlainVault.PLAIN
        ? Optional.of("erased:" + PostgresLedger.key(vault, name))
        : Optional.empty();
  }

  boolean isHeld(String name) throws SQLException {
    return find(name).filter(fact -> fact.state() == Fact.State.HELD).isPresent();
  }

  /** Keeps a fact's row, and makes the runs ready that wait for it where nobody is at it. */
  void put(Fact fact, long at) throws SQLException {
    put.setString(1, vault.name(whole(fact.name())));
    put.setString(2, fact.state().name());
    put.setString(3, fact.run().text());
    put.setString(4, vault.write(fact));
    put.executeUpdate();
    if (fact.state() != Fact.State.HELD) {
      wake.setLong(1, at);
      wake.setString(2, vault.name(fact.name()));
      wake.executeUpdate();
    }
  }

  /**
   * Checks that a run may say how a fact stands.
   *
   * @throws IllegalStateException where the fact is not that run's
   */
  void requireHeldBy(RunId run, Fact changed) throws SQLException {
    changed.requireHeldBy(run, find(changed.name()));
  }

  /**
   * Checks that a person may settle a fact.
   *
   * @return the fact as it stands
   * @throws IllegalStateException where it is not in doubt, or it would not be settled
   */
  Fact requireDoubtful(Fact settled) throws SQLException {
    return settled.requireDoubtful(find(settled.name()));
  }

  /** The database would keep a question mark for half of a pair: two facts would become one. */
  static String whole(String name) {
    if (name.codePoints().anyMatch(Ledger::isHalfAPair)) {
      throw new IllegalArgumentException(
          "The fact's name holds half of a surrogate pair. Use whole characters only.");
    }
    return name;
  }

  private static boolean isHalfAPair(int codePoint) {
    return Character.MIN_SURROGATE <= codePoint && codePoint <= Character.MAX_SURROGATE;
  }
}

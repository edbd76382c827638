package dev.holdfast.store;

import dev.holdfast.journal.spi.Fact;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A fact on its way into another store's ledger. An erased one is known by the digest of its name
 * alone, which only stores without keys have in common.
 */
final class FactRow {
  private static final String ERASED = "erased:";

  private FactRow() {}

  /** The fact as a file has it, by what its row is found by. */
  static Fact exported(Vault vault, Fact fact, String key) {
    boolean isNamed = fact.state() == Fact.State.ERASED && vault == PlainVault.PLAIN;
    return isNamed ? renamed(fact, key.replace(ERASED, "")) : fact;
  }

  /** Keeps the fact, unless the store knows of it itself, which counts more. */
  static void insert(RetentionTables tables, RetentionTables.Within within, Fact fact)
      throws SQLException {
    boolean isErased = fact.state() == Fact.State.ERASED;
    if (isErased && (tables.vault() != PlainVault.PLAIN || fact.name().isEmpty())) {
      return;
    }
    boolean hasKey = tables.factKey().equals("key");
    var values = new ArrayList<Object>();
    if (hasKey) {
      values.add(isErased ? fact.name() : PostgresLedger.key(tables.vault(), fact.name()));
    }
    values.add(isErased ? erasedName(hasKey, fact) : name(tables, fact));
    values.addAll(
        List.of(
            fact.state().name(),
            fact.run().text(),
            tables.vault().write(isErased ? renamed(fact, "") : fact)));
    within.update(
        "INSERT INTO @fact (%s, state, run, body) VALUES (%s) ON CONFLICT (%s) DO NOTHING"
            .formatted(
                hasKey ? "key, name" : "name",
                hasKey ? "?, ?, ?, ?, ?" : "?, ?, ?, ?",
                tables.factKey()),
        values.toArray());
  }

  private static String erasedName(boolean hasKey, Fact fact) {
    return hasKey ? fact.name() : ERASED + fact.name();
  }

  private static String name(RetentionTables tables, Fact fact) {
    return tables.vault().name(Ledger.whole(fact.name())).replace('\0', ' ');
  }

  private static Fact renamed(Fact fact, String name) {
    return new Fact(
        name,
        fact.generation(),
        fact.state(),
        fact.run(),
        fact.path(),
        fact.inputDigest(),
        fact.input(),
        fact.result(),
        fact.settledBy());
  }
}

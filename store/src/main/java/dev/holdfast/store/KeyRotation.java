package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Wraps every key of an encrypted store by the current one of those that are given, a bounded
 * number in each transaction; begun again after a crash, it goes on. What the keys encrypt is not
 * touched.
 *
 * @param keysMax how many a transaction looks at
 */
record KeyRotation(RetentionTables tables, Encryption encryption, int keysMax) {
  private static final int KEYS_MAX = 500;

  KeyRotation(RetentionTables tables, Encryption encryption) {
    this(tables, encryption, KEYS_MAX);
  }

  /** A key as its row says. */
  private record Wrapped(long number, RunId run, String text) {}

  /** What one transaction looked at and did. */
  private record Part(long last, int looked, int wrapped) {}

  /** Wraps what is wrapped by another key; how many keys that were. */
  int rotate() {
    int wrapped = tables.inTransaction(this::wrapStore);
    long after = 0;
    Part part;
    do {
      long from = after;
      part = tables.inTransaction(within -> wrapRuns(within, from));
      after = part.last();
      wrapped += part.wrapped();
    } while (part.looked() == keysMax);
    return wrapped;
  }

  /** How many keys are wrapped by which, by its name. */
  Map<String, Integer> census() {
    var census = new TreeMap<String, Integer>();
    census.put(KeyVault.keyId(tables.inSnapshot((within, queries) -> ofStore(within))), 1);
    long after = 0;
    List<Wrapped> some = page(after);
    while (!some.isEmpty()) {
      some.forEach(key -> census.merge(KeyVault.keyId(key.text()), 1, Integer::sum));
      after = some.get(some.size() - 1).number();
      some = page(after);
    }
    return census;
  }

  private List<Wrapped> page(long after) {
    return tables.inSnapshot((within, queries) -> keys(within, after));
  }

  private static String ofStore(RetentionTables.Within within) throws SQLException {
    return within
        .select("SELECT value FROM @secret WHERE name = 'store'", row -> row.getString(1))
        .get(0);
  }

  private int wrapStore(RetentionTables.Within within) throws SQLException {
    String kept = ofStore(within);
    if (isCurrent(kept)) {
      return 0;
    }
    return within.update(
        "UPDATE @secret SET value = ? WHERE name = 'store' AND value = ?",
        KeyVault.rewrapped(encryption, tables.location(), KeyVault.OF_STORE, kept),
        kept);
  }

  /** A key that was destroyed meanwhile stays so. */
  private Part wrapRuns(RetentionTables.Within within, long after) throws SQLException {
    List<Wrapped> keys = keys(within, after);
    int wrapped = 0;
    for (Wrapped key : keys) {
      if (!isCurrent(key.text())) {
        wrapped +=
            within.update(
                "UPDATE @payload SET text = ? WHERE run = ? AND digest = ? AND text = ?",
                KeyVault.rewrapped(
                    encryption, tables.location(), KeyVault.ofRun(key.run()), key.text()),
                key.number(),
                Vault.KEY_ROW,
                key.text());
      }
    }
    return new Part(
        keys.isEmpty() ? after : keys.get(keys.size() - 1).number(), keys.size(), wrapped);
  }

  private List<Wrapped> keys(RetentionTables.Within within, long after) throws SQLException {
    return within.select(
        "SELECT r.number, r.id, p.text FROM @run AS r JOIN @payload AS p ON p.run = r.number"
            + " AND p.digest = ? WHERE r.number > ? ORDER BY r.number LIMIT "
            + keysMax,
        row -> new Wrapped(row.getLong(1), new RunId(row.getString(2)), row.getString(3)),
        Vault.KEY_ROW,
        after);
  }

  private boolean isCurrent(String wrapped) {
    return KeyVault.keyId(wrapped).equals(encryption.currentKeyId());
  }
}

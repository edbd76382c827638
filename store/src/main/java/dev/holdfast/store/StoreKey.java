package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** What a store says of its own key: that it has none, or the key, wrapped. */
final class StoreKey {
  private static final String PLAIN = "plain";

  private StoreKey() {}

  /** Decides once for ever whether a store is encrypted, and opens its vault. */
  static Vault prepare(Connection connection, String location, Optional<Encryption> encryption)
      throws SQLException {
    if (kept(connection).isEmpty()) {
      String wanted = encryption.map(KeyVault::made).orElse(PLAIN);
      try (PreparedStatement insert =
          connection.prepareStatement(
              // A store whose row was lost shall not get another key.
              ("INSERT INTO %1$ssecret (name, value) SELECT 'store', ? WHERE (SELECT min(number)"
                      + " FROM %1$srun) IS NULL ON CONFLICT (name) DO NOTHING")
                  .formatted(schema(connection)))) {
        insert.setString(1, wanted);
        insert.executeUpdate();
      }
    }
    return vault(connection, location, encryption);
  }

  /** Opens the vault of a store as it was made. */
  static Vault vault(Connection connection, String location, Optional<Encryption> encryption)
      throws SQLException {
    String kept = required(connection, location);
    if (kept.equals(PLAIN)) {
      refusePlain(location, encryption);
      return PlainVault.PLAIN;
    }
    return KeyVault.of(
        encryption.orElseThrow(() ->
            new StoreFailed(
                ("The store %s is encrypted under the key '%s'. Nothing was read. Give its keys:"
                        + " Options.encryption, or for commands the file that HOLDFAST_KEYS names.")
                    .formatted(location, KeyVault.keyId(kept)))),
        location,
        kept);
  }

  private static void refusePlain(String location, Optional<Encryption> encryption) {
    if (encryption.isPresent()) {
      throw new StoreFailed(
          ("The store %s was made without encryption, and keys were given. Nothing was changed."
                  + " Open it without keys, or make a new store with them.")
              .formatted(location));
    }
  }

  /** The name of the key under which the store is, or empty where it is plain. */
  static Optional<String> keyId(Connection connection) throws SQLException {
    return kept(connection).filter(kept -> !kept.equals(PLAIN)).map(KeyVault::keyId);
  }

  private static String required(Connection connection, String location) throws SQLException {
    return kept(connection)
        .orElseThrow(() ->
            new StoreFailed(
                ("The store %s does not say whether its data is encrypted. Open it in the"
                        + " application first, or restore a backup.")
                    .formatted(location)));
  }

  private static Optional<String> kept(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT value FROM %ssecret WHERE name = 'store'".formatted(schema(connection)));
        ResultSet row = select.executeQuery()) {
      return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
    }
  }

  /** What stands before the name of a table. */
  static String schema(Connection connection) throws SQLException {
    boolean isSqlite = connection.getMetaData().getDatabaseProductName().equals("SQLite");
    return isSqlite ? "" : "holdfast.";
  }
}

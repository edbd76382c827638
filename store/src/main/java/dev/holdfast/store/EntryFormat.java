package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import dev.holdfast.json.JsonCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The newest format of entries that may stand in a store, as the store itself says: the tables may
 * be the same and what is written into them not.
 */
final class EntryFormat {
  static final String NAME = "entry_format";

  private EntryFormat() {}

  /** Says that entries of this version may stand in it, unless newer ones may already. */
  static void keep(Connection connection) throws SQLException {
    try (PreparedStatement keep =
        connection.prepareStatement(
            ("INSERT INTO %smeta AS m (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE"
                    + " SET value = excluded.value WHERE m.value < excluded.value")
                .formatted(StoreKey.schema(connection)))) {
      keep.setString(1, NAME);
      keep.setLong(2, JsonCodec.ENTRY_FORMAT);
      keep.executeUpdate();
    }
  }

  /**
   * Refuses a store that holds entries which this version does not read.
   *
   * @throws StoreFailed where it does
   */
  static void require(Connection connection, String location) throws SQLException {
    long kept = kept(connection);
    if (kept > JsonCodec.ENTRY_FORMAT) {
      throw new StoreFailed(
          ("The store %s was written by a newer Holdfast: its entries are of format %d, and this"
                  + " version reads 1 to %d. Nothing was changed. Upgrade Holdfast.")
              .formatted(location, kept, JsonCodec.ENTRY_FORMAT));
    }
  }

  /** What the store says; 1 where it was made before stores said so. */
  static long kept(Connection connection) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT value FROM %smeta WHERE name = ?".formatted(StoreKey.schema(connection)))) {
      select.setString(1, NAME);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getLong(1) : 1;
      }
    }
  }
}

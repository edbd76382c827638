package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/** Opens connections and makes sure that each is as safe as it was asked to be. */
final class Connections {
  private static final int BUSY_TIMEOUT_MILLIS = 30_000;
  private static final int WAL_BYTES_KEPT = 32 << 20;
  private static final int CACHE_KIBIBYTES = 16_384;

  private Connections() {}

  /** The one that executes: it decides itself when the write-ahead log is checkpointed. */
  static Connection executing(StoreFile file, Durability durability) throws SQLException {
    return opened(file, durability, "wal_autocheckpoint = 0", "cache_size = -" + CACHE_KIBIBYTES);
  }

  /** One that writes a few rows now and then. */
  static Connection writing(StoreFile file) throws SQLException {
    return opened(file, Durability.POWER_LOSS);
  }

  static Connection reading(StoreFile file) throws SQLException {
    return opened(file, Durability.POWER_LOSS, "query_only = 1");
  }

  private static Connection opened(StoreFile file, Durability durability, String... settings)
      throws SQLException {
    Connection connection = JDBC.createConnection(file.url(), properties());
    try {
      // Before anything is changed: a pragma would turn another program's file into WAL mode.
      Schema.refuseForeign(connection, file);
      // What is deleted is overwritten, so that it cannot be found in the file any more.
      apply(connection, "secure_delete = 1");
      apply(connection, "journal_size_limit = " + WAL_BYTES_KEPT);
      requireAnswer(connection, file, "journal_mode", "WAL", "wal");
      // Where a flush stops in the drive's own cache (macOS), this asks for more.
      apply(connection, "fullfsync = " + (durability == Durability.POWER_LOSS ? 1 : 0));
      requireAnswer(
          connection,
          file,
          "synchronous",
          durability.synchronous(),
          String.valueOf(durability.readBack()));
      for (String setting : settings) {
        apply(connection, setting);
      }
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static Properties properties() {
    var config = new SQLiteConfig();
    // A file is made by Schema alone, and with its owner's permissions.
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    // Else the driver prepares one more statement for every insert, and nobody asks for its answer.
    config.setGetGeneratedKeys(false);
    return config.toProperties();
  }

  private static void apply(Connection connection, String setting) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA " + setting);
    }
  }

  private static void requireAnswer(
      Connection connection, StoreFile file, String pragma, String value, String wanted)
      throws SQLException {
    apply(connection, pragma + " = " + value);
    String answer = answer(connection, pragma);
    if (!answer.equals(wanted)) {
      throw new StoreFailed(
          ("The store %s cannot be used safely: SQLite keeps %s = %s where %s was asked for."
                  + " Put the file on a local disk.")
              .formatted(file, pragma, answer, value));
    }
  }

  /** What SQLite answers to that pragma. */
  static String answer(Connection connection, String pragma) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery("PRAGMA " + pragma)) {
      return String.valueOf(answer.getString(1));
    }
  }
}

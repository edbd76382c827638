package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Takes connections to a server and makes sure that each is as safe as it was asked to be.
 *
 * @param source where they come from
 * @param durability what confirmed writes shall survive
 * @param answerMax how long the server may be silent before a connection counts as cut
 * @param outageMax how long writes wait for a server that is away
 */
record PostgresConnections(
    DataSource source, Durability durability, Duration answerMax, Duration outageMax) {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
  private static final Duration OUTAGE_MAX = Duration.ofSeconds(60);

  /**
   * Plans of this transaction may be made while tables are small, and be used when they are not.
   */
  static final String BY_INDEX = "set_config('enable_seqscan', 'off', true)";

  private static final int VERSION_MIN = 140_000;
  private static final String READ_ONLY = "25006";
  private static final Set<String> ON_DISK = Set.of("on", "local", "remote_write", "remote_apply");

  private static final String LIMIT =
      "SELECT set_config('idle_in_transaction_session_timeout', ?, true), " + BY_INDEX;

  private static final String SETTINGS =
      "SELECT pg_is_in_recovery(), current_setting('server_version_num')::int,"
          + " current_setting('server_encoding'), current_setting('default_transaction_isolation'),"
          + " current_setting('synchronous_commit'), current_setting('fsync'),"
          + " current_setting('full_page_writes'),"
          + " (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

  /** Those of that source. */
  static PostgresConnections over(DataSource source, Durability durability) {
    return new PostgresConnections(source, durability, ANSWER_MAX, OUTAGE_MAX);
  }

  /** From here on the server ends this transaction where this process is silent for that long. */
  static void limit(Connection connection, Duration silenceMax) throws SQLException {
    try (PreparedStatement limit = connection.prepareStatement(LIMIT)) {
      limit.setString(1, String.valueOf(silenceMax.toMillis()));
      limit.execute();
    }
  }

  /** A connection, and the database's time when it was checked. */
  record Checked(Connection connection, long nowMicros) {}

  /** One to read with, or for a short transaction. */
  Connection open() throws SQLException {
    Connection connection = source.getConnection();
    try {
      connection.setNetworkTimeout(Runnable::run, (int) answerMax.toMillis());
      connection.setAutoCommit(true);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * One to write with, whose settings keep what was asked for.
   *
   * @throws StoreFailed where they do not
   */
  Checked checked() throws SQLException {
    Connection connection = open();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SETTINGS)) {
      row.next();
      if (row.getBoolean(1)) {
        throw new SQLException("the server is a standby", READ_ONLY);
      }
      check(row);
      return new Checked(connection, row.getLong(8));
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private void check(ResultSet row) throws SQLException {
    require(row.getInt(2) >= VERSION_MIN, "server_version_num", row.getString(2), "140000 or more");
    require(row.getString(3).equals("UTF8"), "server_encoding", row.getString(3), "UTF8");
    require(
        row.getString(4).equals("read committed"),
        "default_transaction_isolation",
        row.getString(4),
        "read committed");
    if (durability != Durability.EPHEMERAL) {
      require(row.getString(6).equals("on"), "fsync", row.getString(6), "on");
      require(row.getString(7).equals("on"), "full_page_writes", row.getString(7), "on");
    }
    if (durability == Durability.POWER_LOSS) {
      require(
          ON_DISK.contains(row.getString(5)), "synchronous_commit", row.getString(5), "not off");
    }
  }

  private void require(boolean isSo, String setting, String value, String wanted) {
    if (!isSo) {
      throw new StoreFailed(
          ("The store cannot be used safely at durability %s: the server has %s = %s, needed is %s."
                  + " Change it for this user or database, or ask for less durability.")
              .formatted(durability, setting, value, wanted));
    }
  }

  /** The server and database, without user, password and settings. */
  String location() throws SQLException {
    try (Connection connection = source.getConnection()) {
      String url = String.valueOf(connection.getMetaData().getURL());
      int settings = url.indexOf('?');
      return (settings < 0 ? url : url.substring(0, settings)).replaceAll("//[^/@]*@", "//");
    }
  }
}

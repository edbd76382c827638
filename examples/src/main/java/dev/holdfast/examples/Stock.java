package dev.holdfast.examples;

import dev.holdfast.examples.OutsideWorld.Booking;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The warehouse's own database: the agent writes to it in transactions, the world reads it. */
final class Stock {
  private static final int BUSY_TIMEOUT_MILLIS = 5_000;

  private final DataSource source;

  private Stock(DataSource source) {
    this.source = source;
  }

  /** The database at that path, with its tables and ten kettles. */
  static Stock create(Path path) throws SQLException {
    return create(source(path));
  }

  /** Creates it where these connections lead. */
  static Stock create(DataSource source) throws SQLException {
    var stock = new Stock(source);
    try (Connection connection = stock.source.getConnection();
        var statement = connection.createStatement()) {
      statement.executeUpdate(
          "create table if not exists stock (item text primary key, quantity integer not null)");
      statement.executeUpdate(
          "create table if not exists booking ("
              + "number integer primary key, item text not null, quantity integer not null)");
      statement.executeUpdate("insert or ignore into stock values ('blue kettle', 10)");
    }
    return stock;
  }

  /** Connections to the database at that path. */
  static DataSource source(Path path) {
    var config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    var source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + path);
    return source;
  }

  /** Books a change within the caller's transaction. */
  static Booking book(Connection connection, String item, int quantity) throws SQLException {
    try (var change =
            connection.prepareStatement("update stock set quantity = quantity + ? where item = ?");
        var insert =
            connection.prepareStatement(
                "insert into booking (item, quantity) values (?, ?) returning number")) {
      change.setInt(1, quantity);
      change.setString(2, item);
      if (change.executeUpdate() == 0) {
        throw new SQLException("There is no item '" + item + "' in the stock.", "22000");
      }
      insert.setString(1, item);
      insert.setInt(2, quantity);
      try (var number = insert.executeQuery()) {
        number.next();
        return new Booking("B-" + number.getLong(1), item, quantity);
      }
    }
  }

  /** Every change that was committed. */
  List<Booking> bookings() {
    try (Connection connection = source.getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery("select number, item, quantity from booking order by number")) {
      var bookings = new ArrayList<Booking>();
      while (rows.next()) {
        bookings.add(new Booking("B-" + rows.getLong(1), rows.getString(2), rows.getInt(3)));
      }
      return bookings;
    } catch (SQLException unreadable) {
      throw new IllegalStateException("The stock cannot be read: " + unreadable, unreadable);
    }
  }
}

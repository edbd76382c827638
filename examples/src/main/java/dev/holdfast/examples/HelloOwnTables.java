package dev.holdfast.examples;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.JdbcTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** An effect that is a row in a database of one's own, over plain JDBC. */
final class HelloOwnTables {
  private HelloOwnTables() {}

  // snippet: own-tables
  static Workflow<String, Integer> booking(DataSource shop) {
    JdbcTransactions transactions = JdbcTransactions.over(shop).createTable();
    Effect<String, Integer> book =
        Effect.<Connection, String, Integer>transactional(
            Integer.class, transactions, HelloOwnTables::book);
    return Workflow.of("booking", String.class, Integer.class)
        .body((run, item) -> run.effect("book", item, book));
  }

  private static Integer book(Connection connection, String item) throws SQLException {
    try (var insert = connection.prepareStatement("INSERT INTO booking (item) VALUES (?)")) {
      insert.setString(1, item);
      return insert.executeUpdate();
    }
  }
  // end: own-tables
}

package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What is true of every store, whatever happened to its server, its network and its workers. */
final class PostgresLaws {
  private static final String GAPS =
      "SELECT run || ' at ' || sequence FROM (SELECT run, sequence, row_number()"
          + " OVER (PARTITION BY run ORDER BY sequence) - 1 AS place FROM holdfast.entry) AS e"
          + " WHERE sequence <> place";
  private static final String EPOCHS =
      "SELECT run || ' at ' || sequence FROM (SELECT run, sequence, epoch, lag(epoch)"
          + " OVER (PARTITION BY run ORDER BY sequence) AS before FROM holdfast.entry) AS e"
          + " WHERE epoch < before";
  private static final String BEYOND =
      "SELECT r.id FROM holdfast.run AS r JOIN holdfast.entry AS e ON e.run = r.number"
          + " WHERE e.epoch > r.epoch";
  private static final String OWNERS =
      "SELECT run || ' in claim ' || epoch FROM holdfast.entry WHERE body LIKE '%RunClaimed%'"
          + " GROUP BY run, epoch HAVING count(DISTINCT body) > 1";
  private static final String STUCK =
      "SELECT id FROM holdfast.run WHERE status = 'EXECUTING'"
          + " AND owner NOT IN (SELECT number FROM holdfast.worker)";
  private static final String UNENDED =
      "SELECT id || ' ' || status FROM holdfast.run WHERE status <> 'COMPLETED'";

  private PostgresLaws() {}

  static void hold(String url) throws SQLException {
    assertThat(rows(url, GAPS)).as("gaps in runs").isEmpty();
    assertThat(rows(url, EPOCHS)).as("entries under an earlier claim").isEmpty();
    assertThat(rows(url, BEYOND)).as("entries under a claim to come").isEmpty();
    assertThat(rows(url, OWNERS)).as("claims with more than one owner").isEmpty();
    assertThat(rows(url, STUCK)).as("runs of workers that are gone").isEmpty();
  }

  static void everyRunIsCompleted(String url) throws SQLException {
    assertThat(rows(url, UNENDED)).as("runs that are not completed").isEmpty();
  }

  static List<String> rows(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      var rows = new ArrayList<String>();
      while (row.next()) {
        rows.add(String.valueOf(row.getString(1)));
      }
      return rows;
    }
  }

  static void execute(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

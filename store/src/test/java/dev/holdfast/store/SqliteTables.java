package dev.holdfast.store;

import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.json.JsonCodec;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of single tables in a file are written with. */
abstract class SqliteTables {
  static final WorkflowKey WORKFLOW = new WorkflowKey("refund", "1");
  static final long AT = 1_000;

  @TempDir Path folder;
  Connection connection;
  RunTables tables;

  @BeforeEach
  void openTables() throws SQLException {
    StoreFile file = StoreFile.of(folder.resolve("runs.db"));
    file.create();
    connection = Connections.executing(file, Durability.EPHEMERAL);
    Schema.prepare(connection, file);
    tables = new RunTables(connection, "test", PlainVault.PLAIN);
    execute("BEGIN");
  }

  @AfterEach
  void closeTables() throws SQLException {
    execute("ROLLBACK");
    connection.close();
  }

  static NewRun run(String id) {
    return run(id, AT, Optional.empty(), Optional.empty());
  }

  static NewRun queued(String id, String queue) {
    return run(id, AT, Optional.of(queue), Optional.empty());
  }

  static NewRun inSession(String id, String session) {
    return run(id, AT, Optional.empty(), Optional.of(session));
  }

  static NewRun run(String id, long readyAt, Optional<String> queue, Optional<String> session) {
    return new NewRun(
        new RunId(id),
        WORKFLOW,
        Payload.NULL,
        "d1g",
        Micros.instant(AT),
        Micros.instant(readyAt),
        queue,
        Optional.empty(),
        session);
  }

  /** The number of a run that is ready. */
  long accepted(NewRun run) throws SQLException {
    return accepted(run, 0);
  }

  /** The number of a run that this owner executes, or nobody where it is 0. */
  long accepted(NewRun run, long owner) throws SQLException {
    return tables
        .accept(run, EncodedEntry.beginning(JsonCodec.standard(), PlainVault.PLAIN, run), owner)
        .number();
  }

  void end(long run) throws SQLException {
    tables.stand(run, Status.COMPLETED, Optional.empty(), Optional.empty(), AT);
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  String value(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? String.valueOf(row.getString(1)) : "nothing";
    }
  }
}

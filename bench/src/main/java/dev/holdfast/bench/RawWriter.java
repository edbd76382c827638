package dev.holdfast.bench;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.store.Holdfast;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.sqlite.SQLiteConfig;

/**
 * A bare writer of journal rows: the schema and the durability of a store, and nothing else. One
 * row stands for one step. For one thread.
 */
final class RawWriter implements AutoCloseable {
  private static final int WAL_PAGES_MAX = 4_096;
  private static final int STEPS_PER_RUN = 10;

  private final Connection connection;
  private final PreparedStatement insert;
  private final List<String> bodies;
  private long rows;

  /** A writer of rows as a read of 200 bytes leaves them. */
  RawWriter(Path file) throws IOException, SQLException {
    this(file, IntStream.range(0, STEPS_PER_RUN).mapToObj(RawWriter::body).toList());
  }

  /** A writer of these rows, again and again. */
  RawWriter(Path file, List<String> bodies) throws IOException, SQLException {
    this.bodies = List.copyOf(bodies);
    boolean isNew = !Files.exists(file);
    var config = new SQLiteConfig();
    config.setGetGeneratedKeys(false);
    connection = config.createConnection("jdbc:sqlite:" + file);
    execute("PRAGMA journal_mode = WAL");
    execute("PRAGMA synchronous = FULL");
    // A store looks after its log itself and lets it grow as far as this.
    execute("PRAGMA wal_autocheckpoint = " + WAL_PAGES_MAX);
    if (isNew) {
      createTables();
    }
    insert =
        connection.prepareStatement(
            "INSERT INTO entry (run, sequence, epoch, at, body) VALUES (?, ?, 1, ?, ?)");
    connection.setAutoCommit(false);
  }

  /** What a store writes for such a step. */
  private static String body(int number) {
    return body(number, StepsWorkload.answer(number));
  }

  /** What a store writes for a step with that answer. */
  static String body(int number, String answer) {
    JsonCodec codec = JsonCodec.standard();
    var call = new Entry.Call(Contract.READ, "0".repeat(32), codec.encode(number));
    Payload result = codec.encode(answer);
    var path = StepPath.ROOT.child("effect", StepsWorkload.STEP, number);
    return codec.write(new Entry.StepAnswered(path, call, result));
  }

  private void createTables() throws IOException, SQLException {
    try (InputStream schema = Holdfast.class.getResourceAsStream("schema.sql")) {
      if (schema == null) {
        throw new IOException("The store's schema.sql is not on the class path.");
      }
      String text = new String(schema.readAllBytes(), StandardCharsets.UTF_8);
      for (String statement : text.replaceAll("(?m)--.*$", "").split(";", -1)) {
        if (!statement.isBlank()) {
          execute(statement);
        }
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Rows a second, committed in batches of that size. */
  double rowsPerSecond(int batch, Duration length) throws SQLException {
    long began = System.nanoTime();
    long end = began + length.toNanos();
    long before = rows;
    while (System.nanoTime() < end) {
      for (int i = 0; i < batch; i++) {
        insert();
      }
      connection.commit();
    }
    return (rows - before) / ((System.nanoTime() - began) / 1e9);
  }

  /** How long one row and its commit take, in milliseconds. */
  double commitMillis() throws SQLException {
    long began = System.nanoTime();
    insert();
    connection.commit();
    return (System.nanoTime() - began) / 1e6;
  }

  /**
   * Copies the log into the database, as a store does when it is idle, so that it is used again.
   */
  void checkpoint() throws SQLException {
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)").close();
    }
    connection.setAutoCommit(false);
  }

  private void insert() throws SQLException {
    int number = (int) (rows % bodies.size());
    insert.setLong(1, 1 + rows / bodies.size());
    insert.setLong(2, number);
    insert.setLong(3, System.currentTimeMillis() * 1_000);
    insert.setString(4, bodies.get(number));
    insert.executeUpdate();
    rows++;
  }

  @Override
  public void close() throws SQLException {
    insert.close();
    connection.close();
  }
}

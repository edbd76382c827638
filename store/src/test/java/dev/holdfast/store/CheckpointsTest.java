package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  private static final int MEBIBYTE = 1 << 20;

  @TempDir Path folder;
  private StoreFile file;
  private Connection connection;
  private Checkpoints checkpoints;

  @BeforeEach
  void open() throws SQLException {
    file = StoreFile.of(folder.resolve("runs.db"));
    file.create();
    connection = Connections.executing(file, Durability.PROCESS_CRASH);
    Schema.prepare(connection, file);
    checkpoints = new Checkpoints(connection);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Test
  void aSmallLogIsLeftAloneWhileTheWriterIsBusy() throws SQLException, IOException {
    write(MEBIBYTE);

    assertThat(Files.size(file.path())).isLessThan(MEBIBYTE);
    assertThat(Files.size(file.wal())).isGreaterThan(MEBIBYTE);
  }

  @Test
  void anIdleMomentCopiesTheLogOnce() throws SQLException, IOException {
    write(MEBIBYTE);

    checkpoints.idle();
    long copied = Files.getLastModifiedTime(file.path()).toMillis();
    checkpoints.idle();

    assertThat(Files.size(file.path())).isGreaterThan(MEBIBYTE);
    assertThat(Files.getLastModifiedTime(file.path()).toMillis()).isEqualTo(copied);
  }

  @Test
  void aLogThatHasGrownIsCopiedBetweenCommits() throws SQLException, IOException {
    for (int i = 0; i < 24; i++) {
      write(MEBIBYTE);
    }

    assertThat(Files.size(file.path())).isGreaterThan(Checkpoints.WAITING_MAX / 2);
  }

  @Test
  void aReaderInTheWayDelaysTheCopyAndNothingElse() throws SQLException, IOException {
    try (Connection reader = Connections.reading(file);
        Statement statement = reader.createStatement()) {
      statement.execute("BEGIN");
      statement.executeQuery("SELECT count(*) FROM run").close();
      for (int i = 0; i < 20; i++) {
        write(MEBIBYTE);
      }
      checkpoints.idle();
      assertThat(Files.size(file.path())).isLessThan(MEBIBYTE);
      statement.execute("COMMIT");
    }

    write(MEBIBYTE);
    checkpoints.idle();

    assertThat(Files.size(file.path())).isGreaterThan(20L * MEBIBYTE);
  }

  @Test
  void theEndEmptiesTheLog() throws SQLException, IOException {
    write(MEBIBYTE);

    checkpoints.close();

    assertThat(Files.size(file.wal())).isZero();
    assertThat(Files.size(file.path())).isGreaterThan(MEBIBYTE);
  }

  private void write(int bytes) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO mailbox (run, at, body) VALUES (1, 1, hex(randomblob(" + bytes / 2 + ")))");
    }
    checkpoints.committed(bytes);
  }
}

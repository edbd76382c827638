package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A PostgreSQL server of its own that can be stopped at once and started again as it was left. */
final class CrashableServer implements AutoCloseable {
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(20);

  private final Path data;
  private EmbeddedPostgres server;

  CrashableServer(Path data) throws IOException {
    this.data = data;
    this.server = start(0);
  }

  private EmbeddedPostgres start(int port) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setServerConfig("fsync", "off")
            .setServerConfig("synchronous_commit", "on");
    return (port == 0 ? builder : builder.setPort(port)).start();
  }

  String url() {
    return server.getJdbcUrl("postgres", "postgres");
  }

  /**
   * What {@code pg_ctl stop -m immediate} does: no connection is ended in order, none is waited
   * for.
   */
  void stopAtOnce() throws IOException {
    long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0));
    WorkerChild.signal(pid, "QUIT");
    Awaitility.await()
        .atMost(STOPPED_WITHIN)
        .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  void startAgain() throws IOException {
    int port = server.getPort();
    // Gives the lock of the folder back.
    server.close();
    server = start(port);
    assertThat(server.getPort()).isEqualTo(port);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}

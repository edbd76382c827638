package dev.holdfast.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server and its synchronous standby, from the programs of this machine; for one
 * thread.
 *
 * <p>A commit of the first is confirmed once the second has it on its disk. Started by root they
 * run as the user {@code postgres}, since PostgreSQL refuses to run as root.
 */
final class StandbyPair implements AutoCloseable {
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String USER = "postgres";

  private final Path home;
  private final Path programs;
  private final Server primary;
  private final Server standby;

  private record Server(Path data, int port) {
    String url() {
      return "jdbc:postgresql://127.0.0.1:%d/postgres?user=%s".formatted(port, USER);
    }
  }

  private StandbyPair(Path home, Path programs, Server primary, Server standby) {
    this.home = home;
    this.programs = programs;
    this.primary = primary;
    this.standby = standby;
  }

  /**
   * Starts both in that folder.
   *
   * @throws IllegalArgumentException where PostgreSQL's programs are not installed
   */
  static StandbyPair start(Path folder) throws IOException, InterruptedException, SQLException {
    Path home = Files.createDirectory(folder.resolve("servers"));
    if (isRoot()) {
      Files.setOwner(
          home, home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
      folder.toFile().setExecutable(true, false);
      folder.toFile().setReadable(true, false);
    }
    var pair =
        new StandbyPair(
            home,
            newestPrograms(),
            new Server(home.resolve("primary"), freePort()),
            new Server(home.resolve("standby"), freePort()));
    pair.startPrimary();
    pair.startStandby();
    return pair;
  }

  private static Path newestPrograms() throws IOException {
    if (Files.isDirectory(INSTALLED)) {
      try (Stream<Path> versions = Files.list(INSTALLED)) {
        List<Path> found =
            versions
                .filter(version -> Files.isExecutable(version.resolve("bin").resolve("pg_ctl")))
                .sorted(Comparator.comparing(Path::toString))
                .toList();
        if (!found.isEmpty()) {
          return found.getLast().resolve("bin");
        }
      }
    }
    throw new IllegalArgumentException(
        "There is no PostgreSQL server under %s. Install it: apt-get install postgresql"
            .formatted(INSTALLED));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void startPrimary() throws IOException, InterruptedException {
    program("initdb", "-D", primary.data().toString(), "-A", "trust", "-U", USER);
    configure(primary);
    control(primary, "start");
  }

  private void startStandby() throws IOException, InterruptedException, SQLException {
    program(
        "pg_basebackup",
        "-D",
        standby.data().toString(),
        "-d",
        "host=127.0.0.1 port=%d user=%s".formatted(primary.port(), USER),
        "-R");
    configure(standby);
    append(
        standby,
        "primary_conninfo = 'host=127.0.0.1 port=%d user=%s application_name=standby'"
            .formatted(primary.port(), USER));
    control(standby, "start");
    execute(primary, "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
    execute(primary, "SELECT pg_reload_conf()");
    awaitSynchronous();
  }

  /** What is written last counts, also over what pg_basebackup copied. */
  private static void configure(Server server) throws IOException {
    append(server, "port = " + server.port());
    append(server, "listen_addresses = '127.0.0.1'");
    append(server, "unix_socket_directories = ''");
    append(server, "max_connections = 100");
  }

  private static void append(Server server, String setting) throws IOException {
    for (String file : List.of("postgresql.conf", "postgresql.auto.conf")) {
      Files.writeString(server.data().resolve(file), setting + "\n", StandardOpenOption.APPEND);
    }
  }

  private void awaitSynchronous() throws SQLException, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    String state = "";
    while (!state.equals("sync")) {
      if (System.nanoTime() - until > 0) {
        throw new IllegalStateException(
            "The standby was not synchronous within %s: '%s'.".formatted(PATIENCE, state));
      }
      Thread.sleep(Duration.ofMillis(50));
      state = ask(primary, "SELECT coalesce(max(sync_state), '') FROM pg_stat_replication");
    }
  }

  /** Where whichever of the two takes writes is found. */
  String url() {
    return ("jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/postgres?user=%s&targetServerType=primary"
            + "&connectTimeout=2&tcpKeepAlive=true")
        .formatted(primary.port(), standby.port(), USER);
  }

  /** The server's version. */
  String version() throws SQLException {
    return ask(standby, "SHOW server_version");
  }

  /** Ends the primary and all of its processes as a loss of the machine would. */
  void killPrimary() throws IOException {
    long pid = Long.parseLong(Files.readAllLines(primary.data().resolve("postmaster.pid")).get(0));
    ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
    List<ProcessHandle> all = new ArrayList<>(postmaster.descendants().toList());
    all.addFirst(postmaster);
    all.forEach(ProcessHandle::destroyForcibly);
  }

  /** Makes the standby take writes. */
  void promoteStandby() throws IOException, InterruptedException {
    control(standby, "promote");
  }

  private void control(Server server, String order) throws IOException, InterruptedException {
    program(
        "pg_ctl",
        "-D",
        server.data().toString(),
        "-w",
        "-l",
        server.data().resolveSibling(server.data().getFileName() + ".log").toString(),
        order);
  }

  private void program(String name, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("runuser", "-u", USER, "--"));
    }
    command.add(programs.resolve(name).toString());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("%s did not succeed within %s.".formatted(name, PATIENCE));
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static void execute(Server server, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.url());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(Server server, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.url());
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      answer.next();
      return answer.getString(1);
    }
  }

  @Override
  public void close() throws IOException {
    for (Server server : List.of(primary, standby)) {
      if (Files.exists(server.data().resolve("postmaster.pid")) && isRunning(server)) {
        stop(server);
      }
    }
  }

  private void stop(Server server) throws IOException {
    try {
      program("pg_ctl", "-D", server.data().toString(), "-m", "immediate", "stop");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isRunning(Server server) throws IOException {
    List<String> lines = Files.readAllLines(server.data().resolve("postmaster.pid"));
    return ProcessHandle.of(Long.parseLong(lines.get(0)))
        .filter(ProcessHandle::isAlive)
        .isPresent();
  }
}

package dev.holdfast.bench;

import dev.holdfast.agents.Agent;
import dev.holdfast.store.Holdfast;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how the store and the time of a turn grow with an agent's conversation. */
@Command(
    name = "growth",
    mixinStandardHelpOptions = true,
    description =
        "One agent's run of 400 turns of 2,048 random characters: bytes on disk and in the log, how"
            + " linear they grow, and whether late turns take longer. SQLite, mode POWER_LOSS.")
final class GrowthCommand implements Callable<Integer> {
  private static final int TURNS = 400;
  private static final int TURNS_QUICK = 80;
  private static final Duration RUN_MAX = Duration.ofMinutes(5);
  private static final double DISK_MAX = 2.5;
  private static final double LOG_BYTES_MAX = 32 << 20;
  private static final double LINEAR_MIN = 0.99;
  private static final double SLOWER_MAX = 1.5;

  private final Shell shell;

  @Option(names = "--quick", description = "80 turns")
  private boolean isQuick;

  private final Samples disk = new Samples();
  private final Samples moments = new Samples();
  private long logBytesMax;

  GrowthCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    int turns = isQuick ? TURNS_QUICK : TURNS;
    Machine.facts().forEach(shell::say);
    try (Scratch scratch = Scratch.create()) {
      Path file = scratch.folder().resolve("runs.db");
      long bytes = grown(file, turns);
      converse(file, turns, "second", turn -> moments.add(System.nanoTime() / 1e6));
      report(turns, bytes);
    }
    return 0;
  }

  /** How many bytes a store grows by those turns. */
  private long grown(Path file, int turns) throws Exception {
    Holdfast.open(file).close();
    long empty = Files.size(file);
    try (Connection look = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      converse(file, turns, "first", turn -> look(look, file));
    }
    return Files.size(file) - empty;
  }

  private static void converse(Path file, int turns, String id, IntConsumer onTurn) {
    Agent<String> agent = new GrowthAgent(turns, onTurn).agent();
    try (Holdfast holdfast = Holdfast.open(file)) {
      holdfast.register(agent);
      holdfast.start(agent, id, "Begin.").run(RUN_MAX);
    }
  }

  /** All that was recorded before a turn is durable when it begins. */
  private void look(Connection connection, Path file) {
    try (Statement statement = connection.createStatement()) {
      disk.add(pragma(statement, "page_count") * (double) pragma(statement, "page_size"));
    } catch (SQLException unreadable) {
      throw new IllegalStateException("The size of the store cannot be read.", unreadable);
    }
    Path log = file.resolveSibling(file.getFileName() + "-wal");
    logBytesMax = Math.max(logBytesMax, log.toFile().length());
  }

  private static long pragma(Statement statement, String name) throws SQLException {
    try (ResultSet answer = statement.executeQuery("PRAGMA " + name)) {
      return answer.getLong(1);
    }
  }

  /** The median time of a tenth of the turns, from that one on. */
  private double medianMs(int from, int count) {
    var tenth = new Samples();
    for (int i = from; i < from + count; i++) {
      tenth.add(moments.values().get(i + 1) - moments.values().get(i));
    }
    return tenth.median();
  }

  private void report(int turns, long bytes) {
    long payload = (long) turns * Peer.TURN_CHARACTERS;
    double firstMs = medianMs(0, turns / 10);
    double lastMs = medianMs(turns - turns / 10, turns / 10);
    double linear = disk.linearity();
    shell.say("Mode POWER_LOSS, pages of 4,096 bytes; the second run is timed.");
    Target.atMost("bytes on disk for a byte of payload", (double) bytes / payload, DISK_MAX)
        .tell(shell);
    Target.atMost("bytes in the log", (double) logBytesMax, LOG_BYTES_MAX).tell(shell);
    Target.atLeast("R2 of bytes on disk over turns", linear, LINEAR_MIN).tell(shell);
    Target.atMost("late turns' time per early turns'", lastMs / firstMs, SLOWER_MAX).tell(shell);
    shell
        .out()
        .println(
            new Figures()
                .put("turns", turns)
                .put("payload_bytes", payload)
                .put("disk_bytes", bytes)
                .put("wal_bytes_max", logBytesMax)
                .put("r2", linear)
                .put("first_ms", firstMs)
                .put("last_ms", lastMs)
                .json());
  }
}

package dev.holdfast.bench;

import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how soon a large store executes a run after it is opened. */
@Command(
    name = "open",
    mixinStandardHelpOptions = true,
    description =
        "A store with 1 million entries is opened by a new process, with the driver loaded: time"
            + " until the first claimed run executes. SQLite, mode POWER_LOSS.")
final class OpenCommand implements Callable<Integer> {
  private static final int ENTRIES = 1_000_000;
  private static final int ENTRIES_QUICK = 20_000;
  private static final int STEPS = 98;
  private static final int STEPS_AND_ENDS = 100;
  private static final int LIVES = 7;
  private static final int LIVES_QUICK = 2;
  private static final Duration RUN_MAX = Duration.ofMinutes(1);
  private static final double MS_MAX = 300;

  private final Shell shell;

  @Option(names = "--quick", description = "20,000 entries, opened twice")
  private boolean isQuick;

  OpenCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    Machine.facts().forEach(shell::say);
    int lives = isQuick ? LIVES_QUICK : LIVES;
    try (Scratch scratch = Scratch.create()) {
      Path file = scratch.folder().resolve("runs.db");
      fill(file, (isQuick ? ENTRIES_QUICK : ENTRIES) / STEPS_AND_ENDS, lives);
      long entries = entries(file);
      var millis = new Samples();
      for (int i = 0; i < lives; i++) {
        millis.add(opened(scratch.folder(), file, i));
        shell.say("  %d: %.1f ms".formatted(i + 1, millis.last()));
      }
      Target.lessThan("ms to the first claim, median", millis.median(), MS_MAX).tell(shell);
      shell
          .out()
          .println(
              new Figures()
                  .put("entries", entries)
                  .put("ms_to_first_claim", millis.median())
                  .json());
      return 0;
    }
  }

  /** Runs that ended, of 100 entries each, and one that waits for a signal. */
  private void fill(Path file, int runs, int lives) throws Exception {
    Effect<Integer, String> read = Effect.read(String.class, StepsWorkload::answer);
    Workflow<Integer, Integer> steps =
        Workflow.of("steps", Integer.class, Integer.class)
            .body((run, seed) -> {
              for (int i = 0; i < STEPS; i++) {
                run.effect(StepsWorkload.STEP, seed + i, read.cheap());
              }
              return STEPS;
            });
    Workflow<Integer, Integer> ready = OpenLife.workflow(() -> {});
    try (Holdfast holdfast = Holdfast.open(file);
        Progress progress = shell.progress("runs with 100 entries each", runs)) {
      holdfast.register(steps, ready);
      holdfast.start(ready, OpenLife.RUN, lives + 1);
      PeerClients.all(
          runs,
          PeerClients.AT_ONCE,
          run -> {
            holdfast.start(steps, "run-" + run, run).run(RUN_MAX);
            progress.step();
          });
    }
  }

  private static long entries(Path file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM entry")) {
      return row.getLong(1);
    }
  }

  private static double opened(Path folder, Path file, int life) throws IOException {
    try (Client client = Holdfast.client(file)) {
      client.signal(OpenLife.RUN, OpenLife.SIGNAL, "life-" + life, life, "bench");
    }
    Path other = folder.resolve("other-" + life + ".db");
    try (PeerProcess process = LifeOrders.start(OpenLife.class, folder, List.of(), file, other)) {
      Map<String, Double> facts = process.ask("open 1", RUN_MAX);
      process.end();
      return facts.getOrDefault("ms", Double.NaN);
    }
  }
}

package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Kills a process whose runs all stand half way, and measures how the next one ends them. */
@Command(
    name = "recovery",
    mixinStandardHelpOptions = true,
    description =
        "1,000 half-done runs, kill -9, and a new start: first step and all done, from exec on,"
            + " beside what the remaining steps take undisturbed. Mode POWER_LOSS.")
final class RecoveryCommand implements Callable<Integer> {
  private static final int RUNS = 1_000;
  private static final int RUNS_QUICK = 100;
  private static final Duration LIFE_MAX = Duration.ofMinutes(6);
  private static final double FIRST_MS_MAX = 2_000;
  private static final double EXTRA_MS_MAX = 3_000;

  /** A new worker on a database waits until the lease of the dead one is over. */
  private static final double LEASE_MS = 15_000;

  private final Shell shell;

  @Option(names = "--quick", description = "100 runs")
  private boolean isQuick;

  @Option(names = "--postgres", description = "on a PostgreSQL server of its own, not on SQLite")
  private boolean isPostgres;

  RecoveryCommand(Shell shell) {
    this.shell = shell;
  }

  /** What the second life was seen to do, in milliseconds from its exec on. */
  record Seen(double firstStepMs, double doneMs, int lost, int recomputed) {}

  @Override
  public Integer call() throws Exception {
    int runs = isQuick ? RUNS_QUICK : RUNS;
    Machine.facts().forEach(shell::say);
    try (Scratch scratch = Scratch.create();
        Places places = new Places(scratch.folder(), isPostgres)) {
      double undisturbedMs = undisturbedMs(places.next("undisturbed"), runs);
      Seen seen = killed(places.next("killed"), runs);
      report(seen, undisturbedMs);
      shell
          .out()
          .println(
              new Figures()
                  .put("runs", runs)
                  .put("lost", seen.lost())
                  .put("recomputed", seen.recomputed())
                  .put("first_step_ms", seen.firstStepMs())
                  .put("done_ms", seen.doneMs())
                  .put("undisturbed_ms", undisturbedMs)
                  .json());
      return seen.lost() == 0 && seen.recomputed() == 0 ? 0 : Main.EXIT_LAW_BROKEN;
    }
  }

  /** Where a life has its store and its ledger. */
  record Place(Path folder, String store) {
    Path ledger() {
      return folder.resolve("ledger.txt");
    }

    PeerProcess start(int runs, boolean stops) throws IOException {
      return LifeOrders.start(RecoveryLife.class, folder, List.of(), store, ledger(), runs, stops);
    }
  }

  /** Makes places, on a file each or in a database each. */
  private static final class Places implements AutoCloseable {
    private final Path folder;
    private final List<PeerServer> server;

    Places(Path folder, boolean isPostgres) throws IOException, SQLException {
      this.folder = folder;
      this.server = isPostgres ? List.of(PeerServer.embedded(folder.resolve("server"))) : List.of();
    }

    Place next(String name) throws IOException, SQLException {
      Path own = Files.createDirectories(folder.resolve(name));
      String store =
          server.isEmpty() ? own.resolve("runs.db").toString() : server.getFirst().create(name);
      return new Place(own, store);
    }

    @Override
    public void close() throws IOException, SQLException {
      for (PeerServer each : server) {
        each.close();
      }
    }
  }

  private static double undisturbedMs(Place place, int runs) throws IOException {
    try (PeerProcess life = place.start(runs, true)) {
      life.ask("half " + runs, LIFE_MAX);
      double millis = life.ask("rest " + runs, LIFE_MAX).getOrDefault("ms", Double.NaN);
      life.end();
      return millis;
    }
  }

  private static Seen killed(Place place, int runs) throws Exception {
    try (PeerProcess life = place.start(runs, true)) {
      life.ask("half " + runs, LIFE_MAX);
      life.kill();
    }
    long bytes = Files.size(place.ledger());
    long began = System.nanoTime();
    CompletableFuture<Double> first =
        CompletableFuture.supplyAsync(() -> millisUntilLonger(place.ledger(), bytes, began));
    try (PeerProcess life = place.start(runs, false)) {
      life.ask("rest " + runs, LIFE_MAX);
      double doneMs = (System.nanoTime() - began) / 1e6;
      life.end();
      List<PeerLedger.Line> lines = PeerLedger.read(place.ledger());
      int distinct = new HashSet<>(lines).size();
      return new Seen(
          first.get(LIFE_MAX.toSeconds(), TimeUnit.SECONDS),
          doneMs,
          runs * RecoveryLife.STEPS - distinct,
          lines.size() - distinct);
    }
  }

  private static double millisUntilLonger(Path file, long bytes, long began) {
    long end = began + LIFE_MAX.toNanos();
    while (file.toFile().length() <= bytes) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("No step was executed after the new start.");
      }
      java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
    }
    return (System.nanoTime() - began) / 1e6;
  }

  private void report(Seen seen, double undisturbedMs) {
    double lease = isPostgres ? LEASE_MS : 0;
    shell.say("  undisturbed, the remaining steps took %,.0f ms".formatted(undisturbedMs));
    Target.atMost("ms to the first step", seen.firstStepMs(), FIRST_MS_MAX + lease).tell(shell);
    Target.atMost("ms until all were done", seen.doneMs(), undisturbedMs + EXTRA_MS_MAX + lease)
        .tell(shell);
    Target.atMost("runs' steps lost", seen.lost(), 0).tell(shell);
    Target.atMost("recorded steps executed again", seen.recomputed(), 0).tell(shell);
  }
}

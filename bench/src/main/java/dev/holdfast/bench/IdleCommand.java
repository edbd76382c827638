package dev.holdfast.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what runs that wait for a signal occupy, and how soon one of them goes on. */
@Command(
    name = "idle",
    mixinStandardHelpOptions = true,
    description =
        "10,000 runs that wait for a signal: bytes of heap each, and the time of a wake that is"
            + " sent in the same process, beside a raw commit. SQLite, mode POWER_LOSS.")
final class IdleCommand implements Callable<Integer> {
  private static final int RUNS_QUICK = 2_000;
  private static final int WAKES = 2_000;
  private static final int WAKES_QUICK = 200;
  private static final List<String> HEAP = List.of("-Xms512m", "-Xmx512m");
  private static final Duration LIFE_MAX = Duration.ofMinutes(15);
  private static final double HEAP_BYTES_MAX = 1_024;
  private static final double WAKE_MS_MAX = 10;
  private static final int COMMITS_MAX = 3;

  private final Shell shell;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "10000",
      description = "how many runs wait, 2,000 to 1,000,000; default 10,000")
  private int runs;

  @Option(names = "--quick", description = "2,000 runs, 200 of them woken")
  private boolean isQuick;

  IdleCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    if (runs < RUNS_QUICK || runs > 1_000_000) {
      throw new IllegalArgumentException(
          "--runs must be 2,000 to 1,000,000, is %,d.".formatted(runs));
    }
    int waiting = isQuick ? RUNS_QUICK : runs;
    Machine.facts().forEach(shell::say);
    shell.say("  the child's JVM: " + String.join(" ", HEAP));
    try (Scratch scratch = Scratch.create();
        PeerProcess life =
            LifeOrders.start(
                IdleLife.class,
                scratch.folder(),
                HEAP,
                scratch.folder().resolve("runs.db"),
                scratch.folder().resolve("raw.db"))) {
      int wakes = isQuick ? WAKES_QUICK : WAKES;
      life.ask("warm " + wakes, LIFE_MAX);
      double heap = fact(life.ask("wait " + waiting, LIFE_MAX), "heap_each");
      Map<String, Double> woken = life.ask("wake " + wakes, LIFE_MAX);
      life.end();
      report(waiting, heap, woken);
      return 0;
    }
  }

  private static double fact(Map<String, Double> facts, String name) {
    return facts.getOrDefault(name, Double.NaN);
  }

  private void report(int waiting, double heap, Map<String, Double> woken) {
    double median = fact(woken, "wake_p50");
    double most = fact(woken, "wake_p99");
    double commit = fact(woken, "raw_p99");
    Target.lessThan("bytes of heap for a run that waits", heap, HEAP_BYTES_MAX).tell(shell);
    Target.lessThan("ms to wake, p50", median, WAKE_MS_MAX).tell(shell);
    Target.lessThan("ms to wake, p99", most, WAKE_MS_MAX + COMMITS_MAX * commit).tell(shell);
    shell
        .out()
        .println(
            new Figures()
                .put("waiting", waiting)
                .put("heap_bytes_each", heap)
                .put("wake_ms_p50", median)
                .put("wake_ms_p99", most)
                .put("raw_commit_ms_p99", commit)
                .json());
  }
}

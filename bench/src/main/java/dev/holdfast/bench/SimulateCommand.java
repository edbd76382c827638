package dev.holdfast.bench;

import dev.holdfast.testing.Simulation;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Plays simulations and tells how many schedules a second and how many broke a law. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description =
        "Plays random programs under random faults in virtual time, one schedule for each seed,"
            + " with every law checked after every event.")
final class SimulateCommand implements Callable<Integer> {
  private static final int SEEDS_MAX = 10_000_000;
  private static final int TOLD_MAX = 10;

  private final Shell shell;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "5000",
      description = "how many seeds, 1 to 10,000,000; default 5000")
  private int seeds;

  @Option(
      names = "--from",
      paramLabel = "SEED",
      defaultValue = "1",
      description = "the first of them; default 1")
  private long from;

  private long events;
  private long entries;
  private long faults;
  private long violations;

  SimulateCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    if (seeds < 1 || seeds > SEEDS_MAX) {
      throw new IllegalArgumentException(
          "--seeds must be 1 to %,d, is %,d.".formatted(SEEDS_MAX, seeds));
    }
    long began = System.nanoTime();
    playAll();
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    shell.out().println(figures(took).json());
    return violations == 0 ? 0 : Main.EXIT_LAW_BROKEN;
  }

  private void playAll() {
    try (Progress progress = shell.progress("schedules", seeds)) {
      LongStream.range(from, from + seeds)
          .parallel()
          .forEach(seed -> {
            play(seed);
            progress.step();
          });
    }
  }

  private void play(long seed) {
    try {
      count(Simulation.of(seed).play());
    } catch (AssertionError broken) {
      tell(broken);
    }
  }

  private synchronized void count(Simulation.Played played) {
    events += played.events();
    entries += played.entries();
    faults += played.faults();
  }

  private synchronized void tell(AssertionError broken) {
    violations++;
    if (violations <= TOLD_MAX) {
      shell.say(String.valueOf(broken.getMessage()));
    }
  }

  private Figures figures(Duration took) {
    return new Figures()
        .put("schedules", seeds)
        .put("schedules_s", seeds / (took.toNanos() / 1e9))
        .put("violations", violations)
        .put("events", events)
        .put("entries", entries)
        .put("faults", faults);
  }
}

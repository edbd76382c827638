package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures durable steps on SQLite beside a bare writer of the same rows. */
@Command(
    name = "steps",
    mixinStandardHelpOptions = true,
    description =
        "Measures steps a second (64 runs at once) and the time of one step, beside a bare writer,"
            + " in mode POWER_LOSS.")
final class StepsCommand implements Callable<Integer> {
  private static final Duration WARM_UP = Duration.ofSeconds(4);
  private static final Duration PHASE = Duration.ofSeconds(1);
  private static final int LONE_SAMPLES = 200;
  private static final int CHEAP_SAMPLES = 2_000;
  private static final double FLUSH_SPREAD_MAX = 2;
  private static final double RATIO_MIN = 0.25;
  private static final double RATIO_CHEAP_MIN = 0.5;
  private static final double LONE_COMMITS_MAX = 1.5;
  private static final double CHEAP_MICROS_MAX = 50;

  private final Shell shell;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "9",
      description = "how often each side is measured in turn, 1 to 100; default 9")
  private int rounds;

  private final Samples steps = new Samples();
  private final Samples stepsCheap = new Samples();
  private final Samples raw = new Samples();
  private final Samples rawCheap = new Samples();
  private final Samples ratio = new Samples();
  private final Samples ratioCheap = new Samples();
  private final Samples lone = new Samples();
  private final Samples rawCommit = new Samples();
  private final Samples loneCommits = new Samples();
  private final Samples cheap = new Samples();
  private final Samples flushes = new Samples();
  private int unfinished;

  StepsCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    if (rounds < 1 || rounds > 100) {
      throw new IllegalArgumentException("--rounds must be 1 to 100, is %d.".formatted(rounds));
    }
    try (Scratch scratch = Scratch.create();
        Side durable = new Side(scratch.folder(), "durable", false);
        Side cheaply = new Side(scratch.folder(), "cheap", true);
        var workload = new LoneWorkload(scratch.folder().resolve("lone.db"));
        var writer = new RawWriter(scratch.folder().resolve("lone-raw.db"));
        Progress progress = shell.progress("rounds", rounds)) {
      durable.warmUp();
      cheaply.warmUp();
      warmUp(workload, writer);
      for (int i = 1; i <= rounds; i++) {
        flushes.add(new FlushProbe(scratch.folder().resolve(i + ".probe")).medianMillis());
        many("round-" + i, durable, steps, raw, ratio);
        many("round-" + i, cheaply, stepsCheap, rawCheap, ratioCheap);
        one("round-" + i, workload, writer);
        progress.step();
      }
    }
    report();
    shell.out().println(figures().json());
    return unfinished == 0 ? 0 : Main.EXIT_LAW_BROKEN;
  }

  private static void warmUp(LoneWorkload workload, RawWriter writer) throws SQLException {
    workload.durableMillis(LONE_SAMPLES);
    workload.cheapMicros(CHEAP_SAMPLES);
    for (int i = 0; i < LONE_SAMPLES; i++) {
      writer.commitMillis();
    }
    writer.checkpoint();
  }

  /**
   * A store and the raw writer beside it, both kept open over all rounds.
   *
   * <p>A log that still grows flushes many times slower than one that is used again, so both are
   * written to until their logs have reached their full length.
   */
  private static final class Side implements AutoCloseable {
    private static final int WARM_UPS_MAX = 20;

    private final String name;
    private final WriteAheadLog log;
    private final WriteAheadLog rawLog;
    private final StepsWorkload workload;
    private final RawWriter writer;

    Side(Path folder, String name, boolean isCheap) throws IOException, SQLException {
      this.name = name;
      Path store = folder.resolve(name + ".db");
      Path rawStore = folder.resolve(name + "-raw.db");
      log = new WriteAheadLog(store);
      rawLog = new WriteAheadLog(rawStore);
      workload = new StepsWorkload(OpenStore.open(store), isCheap);
      writer = new RawWriter(rawStore);
    }

    void warmUp() throws InterruptedException, SQLException {
      for (int i = 0; i < WARM_UPS_MAX && (i == 0 || logGrows()); i++) {
        int batch = batch(workload.measure(WARM_UP));
        writer.rowsPerSecond(batch, WARM_UP);
      }
      log.requireFull();
      rawLog.requireFull();
    }

    private boolean logGrows() {
      return log.grows() || rawLog.grows();
    }

    static int batch(StepsWorkload.Measured measured) {
      return (int) Math.max(1, Math.round(measured.batch()));
    }

    @Override
    public void close() throws SQLException {
      workload.close();
      writer.close();
    }
  }

  private void many(String round, Side side, Samples ours, Samples theirs, Samples ratios)
      throws SQLException, InterruptedException {
    var measured = side.workload.measure(PHASE);
    unfinished += measured.unfinished();
    int batch = Side.batch(measured);
    double rows = side.writer.rowsPerSecond(batch, PHASE);
    ours.add(measured.stepsPerSecond());
    theirs.add(rows);
    ratios.add(measured.stepsPerSecond() / rows);
    shell.say(
        "  %s-%s: %,.0f steps/s in commits of %d rows; raw %,.0f rows/s; ratio %.3f"
            .formatted(round, side.name, measured.stepsPerSecond(), batch, rows, ratios.last()));
  }

  private void one(String name, LoneWorkload workload, RawWriter writer) throws SQLException {
    double ours = workload.durableMillis(LONE_SAMPLES).median();
    double theirs = rawCommit(writer);
    lone.add(ours);
    rawCommit.add(theirs);
    loneCommits.add(ours / theirs);
    cheap.add(workload.cheapMicros(CHEAP_SAMPLES).median());
    writer.checkpoint();
    shell.say(
        "  %s-lone: durable %.3f ms, raw commit %.3f ms, ratio %.3f; cheap %.1f us"
            .formatted(name, ours, theirs, loneCommits.last(), cheap.last()));
  }

  private static double rawCommit(RawWriter writer) throws SQLException {
    var samples = new Samples();
    for (int i = 0; i < LONE_SAMPLES; i++) {
      samples.add(writer.commitMillis());
    }
    return samples.median();
  }

  private Figures figures() {
    return new Figures()
        .put("steps_s", steps.median())
        .put("steps_s_cheap", stepsCheap.median())
        .put("raw_rows_s", raw.median())
        .put("raw_rows_s_cheap", rawCheap.median())
        .put("ratio", ratio.median())
        .put("ratio_cheap", ratioCheap.median())
        .put("lone_ms_p50", lone.median())
        .put("raw_commit_ms_p50", rawCommit.median())
        .put("cheap_us_p50", cheap.median());
  }

  private void report() {
    shell.say("Mode POWER_LOSS, pages of 4,096 bytes, medians of %d rounds.".formatted(rounds));
    target("ratio, each step durable", ratio.median(), RATIO_MIN, true);
    target("ratio, cheap reads", ratioCheap.median(), RATIO_CHEAP_MIN, true);
    target("raw commits in one lone durable read", loneCommits.median(), LONE_COMMITS_MAX, false);
    target("us for a cheap read", cheap.median(), CHEAP_MICROS_MAX, false);
    double spread = flushes.spread();
    shell.say(
        "  flush of a page alone: p50 %.3f ms, moved %.1fx between rounds%s"
            .formatted(
                flushes.median(),
                spread,
                spread > FLUSH_SPREAD_MAX ? ": inconclusive, the disk was not steady" : ""));
    if (unfinished > 0) {
      shell.say("Law broken: every run must complete, %d did not.".formatted(unfinished));
    }
  }

  private void target(String what, double measured, double bound, boolean isLeast) {
    boolean isMet = isLeast ? measured >= bound : measured <= bound;
    shell.say(
        "  %s: %.3f, target %s %s: %s"
            .formatted(what, measured, isLeast ? ">=" : "<=", bound, isMet ? "met" : "missed"));
  }
}

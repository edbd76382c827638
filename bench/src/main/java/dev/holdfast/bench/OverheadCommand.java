package dev.holdfast.bench;

import dev.holdfast.store.Durability;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what a durable agent adds to each of its calls, beside the same agent without it. */
@Command(
    name = "overhead",
    mixinStandardHelpOptions = true,
    description =
        "Measures what a durable LangChain4j agent adds to a model call and to a call of a keyed"
            + " tool, with a model that answers at once.")
final class OverheadCommand implements Callable<Integer> {
  private static final int CONVERSATIONS = 12;
  private static final int WARM_UP_CONVERSATIONS = 120;
  private static final int WARM_UPS_MAX = 40;
  private static final int RAW_SAMPLES = 200;
  private static final double FLUSH_SPREAD_MAX = 2;
  private static final double MICROS_MAX = 200;

  private final Shell shell;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "9",
      description = "how often each side is measured in turn, 1 to 100; default 9")
  private int rounds;

  private final OverheadFigures model = new OverheadFigures(PerCall::model);
  private final OverheadFigures tool = new OverheadFigures(PerCall::tool);
  private final Samples rawMicros = new Samples();
  private final Samples flushes = new Samples();

  OverheadCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    if (rounds < 1 || rounds > 100) {
      throw new IllegalArgumentException("--rounds must be 1 to 100, is %d.".formatted(rounds));
    }
    try (Scratch scratch = Scratch.create();
        var plain = new OverheadSide.Plain();
        var quick = held(scratch, Durability.EPHEMERAL);
        var safe = held(scratch, Durability.POWER_LOSS)) {
      warmUp(plain, quick, safe, new WriteAheadLog(file(scratch, Durability.POWER_LOSS)));
      Path rawFile = scratch.folder().resolve("raw.db");
      try (var writer = new RawWriter(rawFile, safe.rows(0));
          Progress progress = shell.progress("rounds", rounds)) {
        warmUp(writer, new WriteAheadLog(rawFile));
        for (int i = 1; i <= rounds; i++) {
          flushes.add(new FlushProbe(scratch.folder().resolve(i + ".probe")).medianMillis());
          round(i, plain, quick, safe, writer);
          progress.step();
        }
      }
    }
    report();
    shell.out().println(figures().json());
    return 0;
  }

  private static Path file(Scratch scratch, Durability durability) {
    return scratch.folder().resolve(durability.name() + ".db");
  }

  private static OverheadSide.Held held(Scratch scratch, Durability durability) {
    return new OverheadSide.Held(file(scratch, durability), durability);
  }

  private static void warmUp(
      OverheadSide plain, OverheadSide quick, OverheadSide safe, WriteAheadLog log) {
    for (int i = 0; i < WARM_UP_CONVERSATIONS; i++) {
      plain.measure();
      quick.measure();
    }
    for (int i = 0; i < WARM_UP_CONVERSATIONS && (i < CONVERSATIONS || log.grows()); i++) {
      safe.measure();
    }
    log.requireFull();
  }

  private static void warmUp(RawWriter writer, WriteAheadLog log) throws SQLException {
    for (int i = 0; i < WARM_UPS_MAX && (i == 0 || log.grows()); i++) {
      commitMicros(writer);
    }
    log.requireFull();
    writer.checkpoint();
  }

  private static double commitMicros(RawWriter writer) throws SQLException {
    var samples = new Samples();
    addCommits(writer, samples, RAW_SAMPLES);
    return samples.median();
  }

  private static void addCommits(RawWriter writer, Samples micros, int count) throws SQLException {
    for (int i = 0; i < count; i++) {
      micros.add(writer.commitMillis() * 1e3);
    }
  }

  private void round(
      int number, OverheadSide plain, OverheadSide quick, OverheadSide safe, RawWriter writer)
      throws SQLException {
    var byPlain = new OverheadAdded();
    var byQuick = new OverheadAdded();
    var bySafe = new OverheadAdded();
    var commits = new Samples();
    for (int i = 0; i < CONVERSATIONS; i++) {
      byPlain.add(plain.measure());
      byQuick.add(quick.measure());
      addCommits(writer, commits, RAW_SAMPLES / CONVERSATIONS);
      bySafe.add(safe.measure());
    }
    writer.checkpoint();
    rawMicros.add(commits.median());
    model.add(byPlain, byQuick, bySafe, rawMicros.last());
    tool.add(byPlain, byQuick, bySafe, rawMicros.last());
    tell(number);
  }

  private void tell(int number) {
    shell.say(
        ("  round-%d: EPHEMERAL adds %.0f us to a model call and %.0f to a tool call, POWER_LOSS"
                + " %.0f and %.0f with %.2f and %.2f commits; raw commit %.0f us")
            .formatted(
                number,
                model.ephemeral().last(),
                tool.ephemeral().last(),
                model.powerLoss().last(),
                tool.powerLoss().last(),
                model.commits().last(),
                tool.commits().last(),
                rawMicros.last()));
  }

  private Figures figures() {
    return new Figures()
        .put("ephemeral_us_model", model.ephemeral().median())
        .put("ephemeral_us_tool", tool.ephemeral().median())
        .put("power_loss_us_model", model.powerLoss().median())
        .put("power_loss_us_tool", tool.powerLoss().median())
        .put("commits_model", model.commits().median())
        .put("commits_tool", tool.commits().median())
        .put("raw_commit_us_p50", rawMicros.median());
  }

  private void report() {
    shell.say(
        "What a durable agent adds to a call, plain LangChain4j subtracted: medians of %d rounds."
            .formatted(rounds));
    report("a model call", model);
    report("a tool call", tool);
    tellDisk();
    tellLoad();
  }

  private void tellDisk() {
    double spread = flushes.spread();
    shell.say(
        "  raw commit p50 %.0f us; flush of a page alone p50 %.0f us, moved %.1fx between rounds%s"
            .formatted(
                rawMicros.median(),
                flushes.median() * 1e3,
                spread,
                spread > FLUSH_SPREAD_MAX ? ": inconclusive, the disk was not steady" : ""));
  }

  private void tellLoad() {
    var machine = ManagementFactory.getOperatingSystemMXBean();
    double load = machine.getSystemLoadAverage();
    int cores = machine.getAvailableProcessors();
    shell.say(
        "  load %.1f on %d cores%s"
            .formatted(
                load, cores, load > cores ? ": inconclusive, others used the processors" : ""));
  }

  private void report(String what, OverheadFigures figures) {
    target("EPHEMERAL, us for " + what, figures.ephemeral().median());
    shell.say(
        "  POWER_LOSS, us for %s: %.0f, of it %.2f commits (%.2f waits for one)"
            .formatted(
                what,
                figures.powerLoss().median(),
                figures.commits().median(),
                figures.waits().median()));
    target("  beside commits x raw p50", figures.beyondCommits().median());
  }

  private void target(String what, double micros) {
    shell.say(
        "  %s: %.0f, target <= %.0f: %s"
            .formatted(what, micros, MICROS_MAX, micros <= MICROS_MAX ? "met" : "missed"));
  }
}

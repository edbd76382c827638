package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how soon a run of many sealed turns goes on, beside one of few. */
@Command(
    name = "seal",
    mixinStandardHelpOptions = true,
    description =
        "Runs of 10 and of 1,000 sealed turns of 2,048 random characters wait for a signal, their"
            + " store is opened anew: time from the signal's sending until the next step executes,"
            + " beside runs of 1,000 turns without seals. SQLite, mode POWER_LOSS.")
final class SealCommand implements Callable<Integer> {
  private static final int FEW = 10;
  private static final int MANY = 1_000;
  private static final int MANY_QUICK = 100;
  private static final int ROUNDS = 21;
  private static final int ROUNDS_QUICK = 3;
  private static final int WARM_UP = 5;
  private static final double RATIO_MAX = 2;

  private final Shell shell;

  @Option(names = "--quick", description = "100 turns instead of 1,000, 3 rounds")
  private boolean isQuick;

  SealCommand(Shell shell) {
    this.shell = shell;
  }

  /** Runs of one kind: how many turns each has, and whether those are sealed. */
  private record Kind(int turns, boolean isSealed) {
    String run(int round) {
      return "%s-%d-%d".formatted(isSealed ? "sealed" : "plain", turns, round);
    }
  }

  @Override
  public Integer call() throws Exception {
    Machine.facts().forEach(shell::say);
    var few = new Kind(FEW, true);
    var many = new Kind(isQuick ? MANY_QUICK : MANY, true);
    var plain = new Kind(many.turns(), false);
    try (Scratch scratch = Scratch.create()) {
      var workload = new SealWorkload(scratch.folder().resolve("runs.db"));
      Map<Kind, Samples> millis = measured(workload, List.of(few, many, plain));
      report(many.turns(), median(millis, few), median(millis, many), median(millis, plain));
    }
    return 0;
  }

  /** The kinds take turns, round by round; the first rounds warm up. */
  private Map<Kind, Samples> measured(SealWorkload workload, List<Kind> kinds) throws Exception {
    int rounds = WARM_UP + (isQuick ? ROUNDS_QUICK : ROUNDS);
    fill(workload, kinds, rounds);
    Map<Kind, Samples> millis = new LinkedHashMap<>();
    try (SealWorkload.Resumer resumer = workload.opened()) {
      for (int round = 0; round < rounds; round++) {
        for (Kind kind : kinds) {
          double took = resumer.millisToResume(kind.run(round));
          if (round >= WARM_UP) {
            millis.computeIfAbsent(kind, any -> new Samples()).add(took);
          }
        }
      }
    }
    return millis;
  }

  private void fill(SealWorkload workload, List<Kind> kinds, int rounds) throws Exception {
    var waiting = new ArrayList<SealWorkload.Waiting>();
    for (int round = 0; round < rounds; round++) {
      for (Kind kind : kinds) {
        waiting.add(new SealWorkload.Waiting(kind.run(round), kind.turns(), kind.isSealed()));
      }
    }
    try (Progress progress = shell.progress("runs that wait after their turns", waiting.size())) {
      workload.fill(waiting, progress::step);
    }
  }

  private static double median(Map<Kind, Samples> millis, Kind kind) {
    return millis.getOrDefault(kind, new Samples()).median();
  }

  private void report(int turns, double few, double many, double plain) {
    shell.say("  ms to resume without seals, %,d turns: %.2f".formatted(turns, plain));
    Target.atMost("ms to resume, many turns per few", many / few, RATIO_MAX).tell(shell);
    shell
        .out()
        .println(
            new Figures()
                .put("turns", turns)
                .put("resume_ms_10", few)
                .put("resume_ms_" + turns, many)
                .put("unsealed_ms_" + turns, plain)
                .put("ratio", many / few)
                .json());
  }
}

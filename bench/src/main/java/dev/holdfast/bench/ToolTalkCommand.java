package dev.holdfast.bench;

import dev.holdfast.gauntlet.Explorer;
import dev.holdfast.gauntlet.Fault;
import dev.holdfast.gauntlet.Faults;
import dev.holdfast.gauntlet.Schedule;
import dev.holdfast.journal.Contract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Puts recorded conversations whose tools do something through the gauntlet. */
@Command(
    name = "tooltalk",
    mixinStandardHelpOptions = true,
    description = {
      "Plays every conversation of a folder under every fault of processes, stores and calls at",
      "every place, and combinations; its tools with keys, and opaque. Counts what reached them."
    })
final class ToolTalkCommand implements Callable<Integer> {
  private static final int TOLD_MAX = 5;

  private final Shell shell;

  @Option(
      names = "--cases",
      required = true,
      paramLabel = "DIR",
      description = "the folder that holds conversations.jsonl")
  private Path cases = Path.of("");

  @Option(
      names = "--combinations",
      paramLabel = "N",
      defaultValue = "50",
      description = "how many combinations for each conversation and contract; default 50")
  private int combinations;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      defaultValue = "1",
      description = "what they are drawn from; default 1")
  private long seed;

  ToolTalkCommand(Shell shell) {
    this.shell = shell;
  }

  private record Trial(TalkScenario scenario, Explorer<TalkDesk> explorer, Schedule schedule) {}

  @Override
  public Integer call() throws IOException {
    // What strikes is planted: that a run or a store complains of it is no news.
    System.setProperty("org.slf4j.simpleLogger.log.dev.holdfast.kernel", "off");
    List<Trial> trials = trials(TalkCase.read(cases));
    var tally = new TalkTally();
    try (Progress progress = shell.progress("schedules", trials.size())) {
      trials.parallelStream()
          .forEach(trial -> {
            play(trial, tally);
            progress.step();
          });
    }
    tally.broken().stream().limit(TOLD_MAX).forEach(shell::say);
    shell.out().println(tally.figures().json());
    return tally.broken().isEmpty() ? 0 : Main.EXIT_LAW_BROKEN;
  }

  private List<Trial> trials(List<TalkCase> talks) {
    Set<Fault> faults = EnumSet.copyOf(Faults.PROCESS.faults());
    faults.addAll(Faults.STORE.faults());
    faults.addAll(Faults.CALLS.faults());
    faults.remove(Fault.REJECTED); // a refusal is meant to show
    var trials = new ArrayList<Trial>();
    for (TalkCase talk : talks) {
      for (Contract contract : List.of(Contract.KEYED, Contract.ONCE)) {
        var scenario = new TalkScenario(talk, contract);
        Explorer<TalkDesk> explorer = Explorer.of(scenario, faults);
        var schedules = new ArrayList<>(explorer.single());
        schedules.addAll(explorer.combined(combinations, seed));
        schedules.forEach(each -> trials.add(new Trial(scenario, explorer, each)));
      }
    }
    return trials;
  }

  private static void play(Trial trial, TalkTally tally) {
    try {
      Explorer.Ended<TalkDesk> ended = trial.explorer().playToTheEnd(trial.schedule());
      tally.count(trial.scenario(), ended, trial.schedule().text());
    } catch (AssertionError broken) {
      tally.count(trial.scenario(), broken);
    }
  }
}

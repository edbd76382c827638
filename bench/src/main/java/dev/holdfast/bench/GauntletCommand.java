package dev.holdfast.bench;

import dev.holdfast.examples.BookingScenario;
import dev.holdfast.examples.DemoScenario;
import dev.holdfast.examples.RetailBase;
import dev.holdfast.examples.RetailScript;
import dev.holdfast.examples.RetailShop;
import dev.holdfast.gauntlet.Explorer;
import dev.holdfast.gauntlet.Faults;
import dev.holdfast.gauntlet.Report;
import dev.holdfast.gauntlet.Scenario;
import dev.holdfast.gauntlet.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Puts the agents of the examples through the gauntlet. */
@Command(
    name = "gauntlet",
    mixinStandardHelpOptions = true,
    description =
        "Plays every fault at every place of each agent, and combinations, and checks every law.")
final class GauntletCommand implements Callable<Integer> {
  private static final int TOLD_MAX = 5;

  private final Shell shell;

  @Option(
      names = "--combinations",
      paramLabel = "N",
      defaultValue = "5000",
      description = "how many combinations for each agent, 0 to 1,000,000; default 5000")
  private int combinations;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      defaultValue = "1",
      description = "what they are drawn from; default 1")
  private long seed;

  @Option(
      names = "--retail",
      paramLabel = "DIR",
      description = "also plays these recordings of the retail agent; needs --world")
  private Optional<Path> retail = Optional.empty();

  @Option(
      names = "--world",
      paramLabel = "DIR",
      description = "the folder of the retail agent's world")
  private Optional<Path> world = Optional.empty();

  @Option(
      names = "--recordings",
      paramLabel = "N",
      defaultValue = "3",
      description = "how many recordings of the retail agent, 1 to 10,000; default 3")
  private int recordings;

  GauntletCommand(Shell shell) {
    this.shell = shell;
  }

  /** An agent, and what is to be played on it. */
  private record Trial<W>(String name, Explorer<W> explorer, List<Schedule> schedules) {
    static <W> Trial<W> of(String name, Scenario<W> scenario, int combinations, long seed) {
      Explorer<W> explorer = Explorer.of(scenario, Faults.ALL.faults());
      var schedules = new ArrayList<>(explorer.single());
      schedules.addAll(explorer.combined(combinations, seed));
      return new Trial<>(name, explorer, List.copyOf(schedules));
    }
  }

  @Override
  public Integer call() throws IOException {
    // What strikes is planted: that a run or a store complains of it is no news.
    System.setProperty("org.slf4j.simpleLogger.log.dev.holdfast.kernel", "off");
    if (retail.isPresent() != world.isPresent()) {
      throw new IllegalArgumentException("--retail and --world belong together: name both.");
    }
    var trials =
        new ArrayList<Trial<?>>(
            List.of(
                Trial.of("complaint", new ComplaintScenario(), combinations, seed),
                Trial.of("demo", new DemoScenario(), combinations, seed),
                Trial.of("booking", new BookingScenario(), combinations, seed)));
    try (Scratch scratch = Scratch.create();
        RetailShop shop = RetailShop.open(base(), scratch.folder().resolve("shop.db"))) {
      for (RetailScript script : scripts()) {
        var scenario = new RetailScenario(script, shop);
        trials.add(Trial.of("retail " + script.id(), scenario, combinations / 10, seed));
      }
      return play(trials);
    }
  }

  private RetailBase base() {
    return world.map(RetailBase::load).orElseGet(RetailBase::empty);
  }

  private List<RetailScript> scripts() {
    return retail.map(RetailScript::read).orElse(List.of()).stream().limit(recordings).toList();
  }

  private int play(List<Trial<?>> trials) {
    var results = new ArrayList<Report.Result>();
    long began = System.nanoTime();
    for (Trial<?> trial : trials) {
      results.addAll(played(trial));
    }
    double seconds = Duration.ofNanos(System.nanoTime() - began).toNanos() / 1e9;
    return tell(new Report(results), seconds);
  }

  private List<Report.Result> played(Trial<?> trial) {
    List<Report.Result> results = Collections.synchronizedList(new ArrayList<>());
    long began = System.nanoTime();
    try (Progress progress = shell.progress(trial.name(), trial.schedules().size())) {
      trial.schedules().parallelStream()
          .forEach(schedule -> {
            trial.explorer().explore(List.of(schedule), results::add);
            progress.step();
          });
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    shell.say(
        "%s: %,d schedules, %,.0f a second"
            .formatted(trial.name(), results.size(), results.size() / seconds));
    return results;
  }

  private int tell(Report report, double seconds) {
    report.failed().stream()
        .limit(TOLD_MAX)
        .forEach(each -> shell.say(each.failure().orElseThrow().why()));
    shell.say(report.table());
    shell.say(report.bound());
    var figures =
        new Figures()
            .put("schedules", report.schedules())
            .put("schedules_s", report.schedules() / seconds)
            .put("injections", report.injections())
            .put("violations", report.failed().size());
    shell.out().println(figures.json());
    return report.failed().isEmpty() ? 0 : Main.EXIT_LAW_BROKEN;
  }
}

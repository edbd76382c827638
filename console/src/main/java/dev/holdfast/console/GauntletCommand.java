package dev.holdfast.console;

import dev.holdfast.gauntlet.Explorer;
import dev.holdfast.gauntlet.Fault;
import dev.holdfast.gauntlet.Faults;
import dev.holdfast.gauntlet.Report;
import dev.holdfast.gauntlet.Scenario;
import dev.holdfast.gauntlet.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Plays every fault at every place of an agent, and tells what broke. */
@Command(
    name = "gauntlet",
    mixinStandardHelpOptions = true,
    description = {
      "Play every fault at every place of an agent, and combinations, in virtual time.",
      "Exit code 0: every law held. 1: one was broken, or nothing could be played."
    })
final class GauntletCommand implements Callable<Integer> {
  private static final int TOLD_MAX = 10;

  /** What the same agent is played on beside. */
  enum Beside {
    /** A loop in memory without a runtime. */
    NAIVE
  }

  private final Shell shell;

  @Parameters(
      arity = "0..1",
      paramLabel = "AGENT",
      description = "A scenario's name or class; without one, the names are listed.")
  private Optional<String> agent = Optional.empty();

  @Option(
      names = "--class-path",
      defaultValue = "",
      paramLabel = "PATH",
      description =
          "Your jars and folders of classes, as java -cp takes them; else HOLDFAST_CLASS_PATH.")
  private String classPath = "";

  @Option(
      names = "--faults",
      split = ",",
      paramLabel = "GROUP",
      defaultValue = "ALL",
      description = "What strikes: ${COMPLETION-CANDIDATES} (default: all).")
  private List<Faults> faults = List.of();

  @Option(
      names = "--combinations",
      paramLabel = "N",
      defaultValue = "500",
      description = "How many combinations besides, 0 to 1,000,000 (default: 500).")
  private int combinations;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      defaultValue = "1",
      description = "What they are drawn from (default: 1).")
  private long seed;

  @Option(
      names = "--compare",
      paramLabel = "naive",
      description = "Play the same schedules on the same agent in a plain loop, too.")
  private Optional<Beside> compare = Optional.empty();

  @Option(
      names = "--schedule",
      paramLabel = "FILE",
      description = "Play only the schedule in that file, and show what was recorded if it fails.")
  private Optional<Path> schedule = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "gauntlet-report",
      description = "Where the reports go (default: ./gauntlet-report).")
  private Path folder = Path.of("");

  @Option(names = "--json", description = "Print JSON for machines.")
  private boolean json;

  GauntletCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    // What strikes is planted: that a run or a store complains of it is no news.
    System.setProperty("org.slf4j.simpleLogger.log.dev.holdfast.kernel", "off");
    var scenarios = new Scenarios(Registrations.onClassPath(shell, classPath).loader());
    if (agent.isEmpty()) {
      shell.terminal().line("Agents: " + scenarios.known());
      return 0;
    }
    return play(scenarios.named(agent.get()));
  }

  private <W> int play(Scenario<W> scenario) throws IOException {
    Explorer<W> explorer;
    try {
      explorer = Explorer.of(scenario, chosen());
    } catch (AssertionError unplayable) {
      throw new Complaint(
          "The agent does not even play without a fault: " + unplayable.getMessage());
    }
    return schedule.isPresent() ? again(explorer, schedule.get()) : explore(explorer);
  }

  private Set<Fault> chosen() {
    Set<Fault> chosen = EnumSet.noneOf(Fault.class);
    faults.forEach(group -> chosen.addAll(group.faults()));
    return chosen;
  }

  private int again(Explorer<?> explorer, Path file) throws IOException {
    Path found = shell.directory().resolve(file);
    if (!Files.isRegularFile(found)) {
      throw new Complaint("There is no file %s to read a schedule from.".formatted(found));
    }
    String text = Files.readString(found);
    Report report = explorer.explore(List.of(Schedule.parse(text)), result -> {});
    int exit = tell(report, Optional.empty());
    report.failed().stream()
        .flatMap(each -> each.failure().orElseThrow().trace().stream())
        .forEach(line -> shell.terminal().line(Phrases.visible(line)));
    return exit;
  }

  private <W> int explore(Explorer<W> explorer) throws IOException {
    List<Schedule> schedules =
        Stream.concat(explorer.single().stream(), explorer.combined(combinations, seed).stream())
            .toList();
    Report report = new Report(played(explorer, schedules));
    Optional<Report> plain =
        compare.flatMap(beside -> {
          Optional<Report> told = explorer.explorePlain(schedules, result -> {});
          if (told.isEmpty()) {
            throw new Complaint(
                "The scenario has no plain loop to compare with. Implement Scenario.plain().");
          }
          return told;
        });
    int exit = tell(report, plain);
    write(report, plain);
    return exit;
  }

  /** Plays them on all processors; what came of them stays in their order. */
  private List<Report.Result> played(Explorer<?> explorer, List<Schedule> schedules) {
    var bar = new GauntletBar(shell.terminal(), schedules.size());
    List<Report.Result> results =
        schedules.parallelStream()
            .flatMap(each -> explorer.explore(List.of(each), bar::step).results().stream())
            .toList();
    bar.end();
    return results;
  }

  private int tell(Report report, Optional<Report> plain) {
    if (json) {
      shell.terminal().line(report.json(name(), plain));
    } else {
      tell("", report);
      plain.ifPresent(other -> tell("On a plain loop: ", other));
    }
    return report.failed().isEmpty() ? 0 : 1;
  }

  private void tell(String what, Report report) {
    var terminal = shell.terminal();
    terminal.line(report.table());
    Paint paint = terminal.paint();
    String bound = what + report.bound();
    terminal.line(report.failed().isEmpty() ? paint.good(bound) : paint.bad(bound));
    if (what.isEmpty()) {
      report.failed().stream()
          .limit(TOLD_MAX)
          .map(each -> each.failure().orElseThrow())
          .forEach(each -> terminal.line(Phrases.visible(each.why())));
    }
  }

  private void write(Report report, Optional<Report> plain) throws IOException {
    Path home = Files.createDirectories(shell.directory().resolve(folder));
    var written = new ArrayList<Path>();
    written.add(Files.writeString(home.resolve("report.html"), report.html(name(), plain)));
    written.add(Files.writeString(home.resolve("report.json"), report.json(name(), plain)));
    written.add(Files.writeString(home.resolve("junit.xml"), report.junitXml(name())));
    if (!json) {
      Collections.unmodifiableList(written).forEach(file -> shell.terminal().line("wrote " + file));
    }
  }

  private String name() {
    return agent.orElseThrow();
  }
}

package dev.holdfast.bench;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Plants bugs in copies of the kernel and tells which of them the gauntlet finds. */
@Command(
    name = "mutants",
    mixinStandardHelpOptions = true,
    description =
        "Plants bugs in copies of the kernel, one at a time, and plays the gauntlet on each.")
final class MutantsCommand implements Callable<Integer> {
  private static final int SHOWN_MAX = 90;

  private final Shell shell;

  MutantsCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    // What a broken kernel complains of is no news.
    System.setProperty("org.slf4j.simpleLogger.log.dev.holdfast.kernel", "off");
    Optional<String> control = Mutant.broken(Optional.empty());
    if (control.isPresent()) {
      shell.say("Without a bug a law is broken, so nothing can be told: " + control.get());
      return Main.EXIT_LAW_BROKEN;
    }
    List<Mutant> mutants = Mutant.all();
    int caught = 0;
    for (Mutant mutant : mutants) {
      Optional<String> broken = Mutant.broken(Optional.of(mutant));
      caught += broken.isPresent() ? 1 : 0;
      shell.say("%-46s %s".formatted(mutant.name(), broken.map(this::shown).orElse("NOT CAUGHT")));
    }
    shell.out().println(new Figures().put("planted", mutants.size()).put("caught", caught).json());
    return caught == mutants.size() ? 0 : Main.EXIT_LAW_BROKEN;
  }

  private String shown(String broken) {
    String line = broken.lines().findFirst().orElse("");
    return line.length() > SHOWN_MAX ? line.substring(0, SHOWN_MAX) + "…" : line;
  }
}

package dev.holdfast.bench;

import dev.holdfast.examples.RetailBase;
import dev.holdfast.examples.RetailEpisode;
import dev.holdfast.examples.RetailScript;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Plays recorded conversations with the retail shop, undisturbed or under crashes. */
@Command(
    name = "retail",
    mixinStandardHelpOptions = true,
    description = "Plays every recorded run of a folder through the agent loop and real tools.")
final class RetailCommand implements Callable<Integer> {
  private static final int KILLS_MAX = 1_000;

  private final Shell shell;

  @Option(
      names = "--cases",
      required = true,
      paramLabel = "DIR",
      description = "the folder of the recordings: trajectories.X.jsonl and expected.X.jsonl")
  private Path cases = Path.of("");

  @Option(
      names = "--world",
      required = true,
      paramLabel = "DIR",
      description =
          "the folder of the world: orders.json, users.json, products.json, or db/ with them")
  private Path world = Path.of("");

  @Option(
      names = "--crash",
      paramLabel = "none|each|kill:N",
      converter = FaultsReader.class,
      description =
          "none (default); each: at every boundary of every call; kill:N: N SIGKILLs of a child")
  private Faults faults = new Faults.None();

  @Option(
      names = "--tools",
      paramLabel = "transactional|keyed|opaque",
      description = "how the shop's writing tools are protected; default transactional")
  private RetailEpisode.Tools tools = RetailEpisode.Tools.TRANSACTIONAL;

  RetailCommand(Shell shell) {
    this.shell = shell;
  }

  /** What strikes while the recordings are played. */
  sealed interface Faults {
    /** Nothing. */
    record None() implements Faults {}

    /** A crash at each boundary in turn. */
    record Each() implements Faults {}

    /** So many kills of the process. */
    record Kill(int count) implements Faults {}
  }

  /** Reads the faults from an option. */
  static final class FaultsReader implements ITypeConverter<Faults> {
    @Override
    public Faults convert(String text) {
      if (text.equals("none")) {
        return new Faults.None();
      }
      if (text.equals("each")) {
        return new Faults.Each();
      }
      if (text.matches("kill:[0-9]{1,4}")) {
        int count = Integer.parseInt(text.substring("kill:".length()));
        if (count >= 1 && count <= KILLS_MAX) {
          return new Faults.Kill(count);
        }
      }
      throw new TypeConversionException(
          "'%s' is none of: none, each, kill:N with N from 1 to %,d".formatted(text, KILLS_MAX));
    }
  }

  @Override
  public Integer call() throws Exception {
    RetailBase base = RetailBase.load(world);
    List<RetailScript> scripts = RetailScript.read(cases);
    var tally = new RetailTally(scripts);
    try (Scratch scratch = Scratch.create()) {
      switch (faults) {
        case Faults.None none ->
            new CrashCampaign(tally, scratch.folder(), base, scripts, tools).play(shell, false);
        case Faults.Each each ->
            new CrashCampaign(tally, scratch.folder(), base, scripts, tools).play(shell, true);
        case Faults.Kill kill ->
            new KillCampaign(tally, new KillFolder(scratch.folder()), base, scripts)
                .play(shell, childOf(scratch), kill.count());
      }
    }
    return report(tally);
  }

  private List<String> childOf(Scratch scratch) {
    return List.of(
        cases.toAbsolutePath().toString(),
        world.toAbsolutePath().toString(),
        tools.name(),
        scratch.folder().toString());
  }

  private int report(RetailTally tally) {
    tally.table().forEach(shell::say);
    tally.held.faults().forEach(fault -> shell.say("  ! " + fault));
    List<String> broken = tally.brokenLaws();
    broken.forEach(law -> shell.say("Law broken: " + law + "."));
    shell.out().println(tally.figures().json());
    return broken.isEmpty() ? 0 : Main.EXIT_LAW_BROKEN;
  }
}

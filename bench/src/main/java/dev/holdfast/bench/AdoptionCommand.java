package dev.holdfast.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;

/** Crashes one LangChain4j agent at every boundary: plain, in langchain4j-agentic, and durable. */
@Command(
    name = "adoption",
    mixinStandardHelpOptions = true,
    description =
        "Crashes the same LangChain4j agent at every boundary: plain, with langchain4j-agentic's"
            + " own recovery, and durable; the outside counts.")
final class AdoptionCommand implements Callable<Integer> {
  private final Shell shell;

  AdoptionCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    try (Scratch scratch = Scratch.create()) {
      Path folder = scratch.folder();
      var plain = new AdoptionCampaign(folder.resolve("plain"), AdoptionNaive.Plain::new);
      var agentic = new AdoptionCampaign(folder.resolve("agentic"), AdoptionNaive.Agentic::new);
      var held = new AdoptionCampaign(folder.resolve("holdfast"), AdoptionHeld::new);
      plain.play(shell, "crashes, plain LangChain4j");
      agentic.play(shell, "crashes, langchain4j-agentic");
      held.play(shell, "crashes, Holdfast");
      return report(plain, agentic, held);
    }
  }

  private int report(AdoptionCampaign plain, AdoptionCampaign agentic, AdoptionCampaign held) {
    tellPlaces("plain LangChain4j", plain.score());
    tellPlaces("langchain4j-agentic", agentic.score());
    tellPlaces("Holdfast", held.score());
    table(plain.score(), agentic.score(), held.score()).forEach(shell::say);
    List<String> broken = broken(plain, agentic, held);
    broken.forEach(law -> shell.say("Law broken: " + law + "."));
    shell.out().println(figures(plain.score(), agentic.score(), held.score()).json());
    return broken.isEmpty() ? 0 : Main.EXIT_LAW_BROKEN;
  }

  private static List<String> broken(
      AdoptionCampaign plain, AdoptionCampaign agentic, AdoptionCampaign held) {
    List<String> broken = new ArrayList<>();
    for (AdoptionCampaign each : List.of(plain, agentic, held)) {
      each.missed().forEach(place -> broken.add("a crash must strike " + place));
    }
    broken.addAll(brokenLaws(plain.score(), held.score()));
    return broken;
  }

  private static Figures figures(AdoptionScore plain, AdoptionScore agentic, AdoptionScore held) {
    var figures = new Figures();
    put(figures, "plain", plain);
    put(figures, "agentic", agentic);
    put(figures, "holdfast", held);
    return figures.put("holdfast_doubts", held.doubts());
  }

  private void tellPlaces(String side, AdoptionScore score) {
    score.places().forEach(place -> shell.say("  %s, crash %s".formatted(side, place)));
  }

  private static void put(Figures figures, String side, AdoptionScore score) {
    figures
        .put(side + "_crashes", score.crashes())
        .put(side + "_duplicates", score.duplicates())
        .put(side + "_lost", score.lost())
        .put(side + "_poisoned", score.poisoned());
  }

  /** The laws that were broken, in words; none where all is well. */
  static List<String> brokenLaws(AdoptionScore plain, AdoptionScore held) {
    List<String> laws = new ArrayList<>();
    require(laws, held.crashes() > 0, "there must be a crash");
    require(laws, held.duplicates() == 0, "no effect may happen twice");
    require(laws, held.lost() == 0, "no effect and no answer may be lost");
    require(laws, held.poisoned() == 0, "no memory may be poisoned");
    require(
        laws,
        held.doubts() == held.doubtsExpected(),
        "every doubt, and no other, is told (%d of %d)"
            .formatted(held.doubts(), held.doubtsExpected()));
    require(laws, plain.duplicates() > 0, "the outside must see what happens twice");
    require(laws, plain.poisoned() > 0, "the outside must see a poisoned memory");
    return laws;
  }

  private static void require(List<String> laws, boolean holds, String law) {
    if (!holds) {
      laws.add(law);
    }
  }

  private static List<String> table(
      AdoptionScore plain, AdoptionScore agentic, AdoptionScore held) {
    String row = "  %-36s %12s %12s %12s";
    List<AdoptionScore> sides = List.of(plain, agentic, held);
    return List.of(
        row.formatted("", "plain", "agentic", "Holdfast"),
        line(row, "crashes, one in each conversation", sides, AdoptionScore::crashes),
        line(row, "effects that happened twice", sides, AdoptionScore::duplicates),
        line(row, "effects or answers lost", sides, AdoptionScore::lost),
        line(row, "memories poisoned", sides, AdoptionScore::poisoned),
        line(row, "  of them refused by the provider", sides, AdoptionScore::refused),
        line(row, "doubts told and settled", sides, AdoptionScore::doubts));
  }

  private static String line(
      String row, String what, List<AdoptionScore> sides, ToIntFunction<AdoptionScore> figure) {
    List<Object> cells = new ArrayList<>();
    cells.add(what);
    sides.forEach(each -> cells.add("%,d".formatted(figure.applyAsInt(each))));
    return row.formatted(cells.toArray());
  }
}

package dev.holdfast.bench;

import dev.holdfast.examples.RetailBase;
import dev.holdfast.examples.RetailCall;
import dev.holdfast.examples.RetailEpisode;
import dev.holdfast.examples.RetailScript;
import dev.holdfast.kernel.spi.Boundary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Plays every recorded run once undisturbed and, if asked to, once more for each boundary of its
 * tool and model calls, with a crash exactly there.
 */
final class CrashCampaign {
  private static final int TOOL_POINTS_MIN = 3;
  private static final int MODEL_POINTS_MIN = 2;
  private static final int TRIES_MAX = 5;

  /** A place to crash at, with where the naive loop is by then. */
  private record Spot(CrashTrap.Point point, NaiveLoop.Crash naive, DoubtWindow window) {
    boolean isTool() {
      return point.path().kind().equals("tool");
    }
  }

  /** An undisturbed execution: what it passed and how often it asked the model. */
  private record Plain(RetailScript script, String name, List<Spot> spots, int modelCalls) {}

  private final RetailTally tally;
  private final RetailPlayer player;
  private final List<RetailScript> scripts;
  private final RetailCrew crew;
  private final RetailEpisode.Tools tools;

  CrashCampaign(
      RetailTally tally,
      Path folder,
      RetailBase base,
      List<RetailScript> scripts,
      RetailEpisode.Tools tools) {
    this.tally = tally;
    this.player = new RetailPlayer(tally);
    this.scripts = List.copyOf(scripts);
    this.crew = new RetailCrew(folder, base, scripts, tools);
    this.tools = tools;
  }

  void play(Shell shell, boolean isCrashing) throws IOException, InterruptedException {
    List<Plain> plain = new ArrayList<>();
    try (Progress progress = shell.progress("runs undisturbed", scripts.size())) {
      List<RetailCrew.Job> jobs = new ArrayList<>();
      for (int i = 0; i < scripts.size(); i++) {
        int number = i;
        jobs.add(stage -> {
          Plain one = playPlain(stage, scripts.get(number), "run-%04d".formatted(number));
          synchronized (plain) {
            plain.add(one);
          }
          progress.step();
        });
      }
      crew.perform(jobs);
    }
    if (isCrashing) {
      crashEverywhere(shell, plain);
    }
  }

  private Plain playPlain(RetailStage stage, RetailScript script, String name) {
    RetailStage.Played played = stage.play(script, name);
    player.judge(script.id(), script, stage.world(name), played.outcome());
    player.playNaively(script.id(), script, stage.world("naive " + name), List.of());
    tally.modelCallsRedone.addAndGet(Math.max(0, played.modelCalls() - script.replies().size()));
    enterDoubts(script.id(), played);
    return new Plain(script, name, spots(stage.boundaries()), played.modelCalls());
  }

  /** Where to crash: at each boundary of each tool and model call, in order. */
  private static List<Spot> spots(List<CrashTrap.Point> boundaries) {
    List<Spot> spots = new ArrayList<>();
    var window = DoubtWindow.SHUT;
    int replies = 0;
    int writes = 0;
    for (CrashTrap.Point point : boundaries) {
      String kind = point.path().kind();
      boolean came = point.boundary() == Boundary.AFTER_CALL;
      replies += came && kind.equals("model") ? 1 : 0;
      writes += came && isWriting(point) ? 1 : 0;
      window = window.after(point.boundary(), isWriting(point));
      if (kind.equals("model") || kind.equals("tool")) {
        spots.add(new Spot(point, new NaiveLoop.Crash(replies, writes), window));
      }
    }
    return spots;
  }

  private static boolean isWriting(CrashTrap.Point point) {
    return point.path().kind().equals("tool")
        && new RetailCall("", point.path().name(), "{}").isWriting();
  }

  private void crashEverywhere(Shell shell, List<Plain> plain)
      throws IOException, InterruptedException {
    plain.forEach(this::requireSpots);
    int total = plain.stream().mapToInt(each -> each.spots().size()).sum();
    try (Progress progress = shell.progress("crashes", total)) {
      List<RetailCrew.Job> jobs = new ArrayList<>();
      for (Plain each : plain) {
        for (int i = 0; i < each.spots().size(); i++) {
          int number = i;
          jobs.add(stage -> {
            crashAt(stage, each, number);
            progress.step();
          });
        }
      }
      crew.perform(jobs);
    }
  }

  /** A call without its boundaries would make every law about crashes empty. */
  private void requireSpots(Plain plain) {
    Map<String, Long> perStep =
        plain.spots().stream()
            .collect(
                Collectors.groupingBy(
                    spot -> spot.point().path().text(), TreeMap::new, Collectors.counting()));
    long models = perStep.keySet().stream().filter(path -> path.contains("/model:")).count();
    if (models != plain.modelCalls()) {
      tally.broke("every model call must be seen at its boundaries");
    }
    plain.spots().stream()
        .filter(spot ->
            perStep.getOrDefault(spot.point().path().text(), 0L)
                < (spot.isTool() ? TOOL_POINTS_MIN : MODEL_POINTS_MIN))
        .forEach(
            spot -> tally.broke("a tool call needs 3 boundaries and a model call 2, at least"));
  }

  private void crashAt(RetailStage stage, Plain plain, int number) throws InterruptedException {
    Spot spot = plain.spots().get(number);
    for (int attempt = 1; attempt <= TRIES_MAX; attempt++) {
      String run = "%s@%d.%d".formatted(plain.name(), number, attempt);
      String name = "%s, crash at %s".formatted(plain.script().id(), spot.point());
      RetailStage.Played played = stage.playWithCrash(plain.script(), run, spot.point());
      player.judge(name, plain.script(), stage.world(run), played.outcome());
      enterModelCalls(name, plain, played);
      enterDoubts(name, played);
      if (played.crashed()) {
        enterCrash(name, spot, played);
        player.playNaively(
            name, plain.script(), stage.world("naive " + run), List.of(spot.naive()));
        return;
      }
    }
    passedBy(spot);
  }

  private void enterCrash(String name, Spot spot, RetailStage.Played played) {
    tally.crashes.incrementAndGet();
    (spot.isTool() ? tally.crashPointsTool : tally.crashPointsModel).incrementAndGet();
    DoubtWindow window = tools == RetailEpisode.Tools.OPAQUE ? spot.window() : DoubtWindow.SHUT;
    if (!window.allows(played.doubtsExpected())) {
      tally.held.fault(name, "the store holds %d open intents".formatted(played.doubtsExpected()));
      tally.broke("what a store holds after a crash must follow from where it struck");
    }
  }

  /** Whether a run waits for a commit depends on how quick the writer is; all else must recur. */
  private void passedBy(Spot spot) {
    switch (spot.point().boundary()) {
      case BEFORE_COMMIT, AFTER_COMMIT -> {}
      case BEFORE_CLAIM,
          AFTER_CLAIM,
          BEFORE_INTENT,
          AFTER_INTENT,
          BEFORE_CALL,
          AFTER_CALL,
          BEFORE_OUTCOME,
          AFTER_OUTCOME ->
          tally.broke("every boundary seen once must be reached again");
    }
  }

  private void enterModelCalls(String name, Plain plain, RetailStage.Played played) {
    int redone = played.modelCalls() - plain.modelCalls();
    tally.modelCallsRedone.addAndGet(Math.max(0, redone));
    if (redone < 0 || redone > (played.crashed() ? 1 : 0)) {
      tally.held.fault(name, "%d model calls were made again".formatted(redone));
      tally.broke("at most one model call may be made again for each crash");
    }
  }

  private void enterDoubts(String name, RetailStage.Played played) {
    tally.doubts.addAndGet(played.doubts());
    tally.doubtsExpected.addAndGet(played.doubtsExpected());
    tally.doubtsMissed.addAndGet(Math.max(0, played.doubtsExpected() - played.doubts()));
    if (played.doubts() != played.doubtsExpected()) {
      tally.held.fault(
          name,
          "%d doubts were told, %d expected".formatted(played.doubts(), played.doubtsExpected()));
    }
  }
}

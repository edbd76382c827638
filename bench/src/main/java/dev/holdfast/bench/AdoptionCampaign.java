package dev.holdfast.bench;

import dev.holdfast.bench.AdoptionSide.Strike;
import dev.holdfast.kernel.spi.Boundary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Has one side settle two orders, the first through a crash at each place in turn and the second
 * undisturbed, each time in a fresh world.
 */
final class AdoptionCampaign {
  private static final String FIRST = "17";
  private static final String SECOND = "18";

  /** What an undisturbed play passed, and the memory that it left. */
  private record Plain(List<Spot> spots, Map<String, List<String>> memory) {}

  /** A place to crash at. */
  private record Spot(String place, Strike strike) {}

  private final Path folder;
  private final Function<Path, ? extends AdoptionSide> fresh;
  private final AdoptionScore score = new AdoptionScore();
  private final List<String> missed = new ArrayList<>();
  private int worlds;

  AdoptionCampaign(Path folder, Function<Path, ? extends AdoptionSide> fresh) {
    this.folder = folder;
    this.fresh = fresh;
  }

  void play(Shell shell, String what) throws IOException, InterruptedException {
    Plain plain = undisturbed();
    try (Progress progress = shell.progress(what, plain.spots().size())) {
      for (Spot spot : plain.spots()) {
        crash(spot, plain);
        progress.step();
      }
    }
  }

  private Path world() {
    return folder.resolve("world-" + worlds++);
  }

  private Plain undisturbed() throws IOException, InterruptedException {
    Path world = world();
    try (AdoptionSide side = fresh.apply(world)) {
      AdoptionTurn first = side.settle(FIRST, new Strike.None());
      List<Spot> spots = spots(side, first);
      AdoptionTurn second = side.settle(SECOND, new Strike.None());
      requireSound(side, List.of(first, second));
      return new Plain(spots, side.memory());
    } finally {
      Scratch.delete(world);
    }
  }

  private static List<Spot> spots(AdoptionSide side, AdoptionTurn undisturbed) {
    List<Spot> spots = new ArrayList<>();
    for (String touch : undisturbed.touches()) {
      int number = spots.size() + 1;
      spots.add(new Spot("%s (%d)".formatted(touch, number), new Strike.Touch(number)));
    }
    if (side instanceof AdoptionHeld held) {
      held.boundaries()
          .forEach(point -> spots.add(new Spot(point.toString(), new Strike.Point(point))));
    }
    return List.copyOf(spots);
  }

  private static void requireSound(AdoptionSide side, List<AdoptionTurn> turns) {
    var damage = AdoptionDamage.of(side, List.of(FIRST, SECOND), turns, side.memory());
    if (!damage.isNone()) {
      throw new IllegalStateException("Without a crash the desk must do all once: " + damage);
    }
  }

  private void crash(Spot spot, Plain plain) throws IOException, InterruptedException {
    Path world = world();
    try (AdoptionSide side = fresh.apply(world)) {
      AdoptionTurn first = side.settle(FIRST, spot.strike());
      AdoptionTurn second = side.settle(SECOND, new Strike.None());
      var turns = List.of(first, second);
      var damage = AdoptionDamage.of(side, List.of(FIRST, SECOND), turns, plain.memory());
      enter(spot, first, damage);
    } finally {
      Scratch.delete(world);
    }
  }

  private void enter(Spot spot, AdoptionTurn first, AdoptionDamage damage) {
    if (first.isCrashed()) {
      score.add(spot.place(), first, damage);
    } else if (!(spot.strike() instanceof Strike.Point at && isByChance(at.point().boundary()))) {
      missed.add(spot.place());
    }
  }

  /** Whether a run waits for a commit depends on how quick the writer is; all else must recur. */
  private static boolean isByChance(Boundary boundary) {
    return boundary == Boundary.BEFORE_COMMIT || boundary == Boundary.AFTER_COMMIT;
  }

  AdoptionScore score() {
    return score;
  }

  /** Places that were passed without a crash, and must not have been. */
  List<String> missed() {
    return List.copyOf(missed);
  }
}

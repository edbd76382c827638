package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.List;

/** What was measured, as figures and as text. */
record PeersReport(PeerResults results) {
  Figures figures() {
    var figures = new Figures();
    for (PeerSystem system : PeerSystem.values()) {
      results
          .steps(system)
          .ifPresent(steps -> figures.put("steps_s_" + system.key(), steps.median()));
    }
    results.effects().forEach((system, seen) -> put(figures, system.key(), seen));
    results
        .once()
        .forEach((system, seen) -> {
          put(figures, system.key() + "_once", seen);
          figures.put("doubts_" + system.key() + "_once", seen.doubts());
        });
    results
        .bytes()
        .forEach((system, bytes) -> figures.put("bytes_per_turn_" + system.key(), bytes));
    results.recoveries().forEach((system, seen) -> put(figures, system.key(), seen));
    results.ratios().forEach(ratio -> figures.put(ratio.name(), ratio.median()));
    return figures;
  }

  private static void put(Figures figures, String name, PeerEffects.Seen seen) {
    figures.put("duplicates_" + name, seen.duplicates()).put("lost_" + name, seen.lost());
  }

  private static void put(Figures figures, String name, PeerRecovery.Seen seen) {
    figures
        .put("recovery_s_" + name, seen.seconds())
        .put("steps_again_" + name, seen.again())
        .put("recorded_again_" + name, seen.recordedAgain())
        .put("steps_lost_" + name, seen.lost());
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (PeerSystem system : PeerSystem.values()) {
      results.steps(system).ifPresent(steps -> lines.add(line(system, steps)));
    }
    results.bytes().forEach((system, bytes) -> lines.add(line(system, bytes)));
    results.recoveries().forEach((system, seen) -> lines.add(line(system, seen)));
    results.effects().forEach((system, seen) -> lines.add(line(system, seen, system.effect())));
    results
        .once()
        .forEach((system, seen) -> lines.add(line(system, seen, "once: never called again")));
    results.missing().forEach(missing -> lines.add("  not measured: " + missing));
    results.ratios().forEach(ratio -> lines.add(line(ratio)));
    if (!results.flushes().values().isEmpty()) {
      lines.add(
          "  flush of a page alone: p50 %.3f ms, moved %.1fx between rounds"
              .formatted(results.flushes().median(), results.flushes().spread()));
    }
    return lines;
  }

  private static String line(PeerSystem system, Samples steps) {
    return "  A, %s: median %,.0f steps/s, %s of %d rounds; %s"
        .formatted(
            system.title(),
            steps.median(),
            "%,.0f to %,.0f".formatted(steps.least(), steps.most()),
            steps.values().size(),
            system.durability());
  }

  private static String line(PeerSystem system, double bytes) {
    return "  B, %s: %,.0f bytes on disk for a turn of 2,048".formatted(system.title(), bytes);
  }

  private static String line(PeerSystem system, PeerRecovery.Seen seen) {
    return "  C, %s: all done %.2f s after the new start; %,d steps again, %,d of them recorded"
            .formatted(system.title(), seen.seconds(), seen.again(), seen.recordedAgain())
        + "; %,d lost".formatted(seen.lost());
  }

  private static String line(PeerSystem system, PeerEffects.Seen seen, String how) {
    return "  E, %s: %d twice, %d lost, %d told as doubts, %.0f s; %s"
        .formatted(
            system.title(), seen.duplicates(), seen.lost(), seen.doubts(), seen.seconds(), how);
  }

  private static String line(PeerRatio ratio) {
    return "  %s: %.3f, target >= %s: %s"
        .formatted(ratio.name(), ratio.median(), ratio.target(), ratio.verdict());
  }
}

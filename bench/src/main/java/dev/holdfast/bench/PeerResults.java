package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was measured of all systems; for one thread. */
final class PeerResults {
  private static final double DBOS_RATIO_MIN = 5;
  private static final double RAW_RATIO_MIN = 0.25;

  private final Map<PeerSystem, Samples> steps = new EnumMap<>(PeerSystem.class);
  private final Map<PeerSystem, Double> bytes = new EnumMap<>(PeerSystem.class);
  private final Map<PeerSystem, PeerRecovery.Seen> recoveries = new EnumMap<>(PeerSystem.class);
  private final Map<PeerSystem, PeerEffects.Seen> effects = new EnumMap<>(PeerSystem.class);
  private final Map<PeerSystem, PeerEffects.Seen> once = new EnumMap<>(PeerSystem.class);
  private final List<String> missing = new ArrayList<>();
  private final Samples flushes = new Samples();
  private long unfinished;

  void enterSteps(PeerSystem system, double perSecond) {
    steps.computeIfAbsent(system, none -> new Samples()).add(perSecond);
  }

  void enterUnfinished(long runs) {
    unfinished += runs;
  }

  void enterBytes(PeerSystem system, double perTurn) {
    bytes.put(system, perTurn);
  }

  void enter(PeerSystem system, PeerRecovery.Seen seen) {
    recoveries.put(system, seen);
  }

  void enter(PeerSystem system, PeerEffects.Seen seen) {
    effects.put(system, seen);
  }

  /** An effect that may not be repeated, at a target that honours no keys. */
  void enterOnce(PeerSystem system, PeerEffects.Seen seen) {
    once.put(system, seen);
  }

  /** Says what could not be measured, and why. */
  void enterMissing(String what) {
    missing.add(what);
  }

  /** Steps a second of that system, round by round. */
  Optional<Samples> steps(PeerSystem system) {
    return Optional.ofNullable(steps.get(system));
  }

  Map<PeerSystem, Double> bytes() {
    return bytes;
  }

  Map<PeerSystem, PeerRecovery.Seen> recoveries() {
    return recoveries;
  }

  Map<PeerSystem, PeerEffects.Seen> effects() {
    return effects;
  }

  Map<PeerSystem, PeerEffects.Seen> once() {
    return once;
  }

  List<String> missing() {
    return missing;
  }

  /** What a flush alone took, in milliseconds, beside each round. */
  Samples flushes() {
    return flushes;
  }

  /** The two ratios that have a target, as far as both sides ran. */
  List<PeerRatio> ratios() {
    List<PeerRatio> ratios = new ArrayList<>();
    ratio("ratio_holdfast_postgres", DBOS_RATIO_MIN, PeerSystem.HOLDFAST_POSTGRES, PeerSystem.DBOS)
        .ifPresent(ratios::add);
    ratio("ratio_holdfast_sqlite", RAW_RATIO_MIN, PeerSystem.HOLDFAST_SQLITE, PeerSystem.RAW)
        .ifPresent(ratios::add);
    return ratios;
  }

  private Optional<PeerRatio> ratio(
      String name, double target, PeerSystem ours, PeerSystem theirs) {
    return steps(ours)
        .flatMap(our ->
            steps(theirs)
                .map(their -> PeerRatio.of(name, target, our.values(), their.values(), flushes)));
  }

  /** The laws that were broken, in words; none where all is well. */
  List<String> brokenLaws() {
    List<String> broken = new ArrayList<>();
    if (unfinished > 0) {
      broken.add("every run must complete, %d did not".formatted(unfinished));
    }
    for (PeerSystem system : List.of(PeerSystem.HOLDFAST_SQLITE, PeerSystem.HOLDFAST_POSTGRES)) {
      check(broken, system, effects);
      check(broken, system, once);
      Optional.ofNullable(recoveries.get(system))
          .filter(seen -> seen.recordedAgain() > 0 || seen.lost() > 0)
          .ifPresent(seen ->
              broken.add(
                  "%s ran recorded steps again or lost some: %s".formatted(system.title(), seen)));
    }
    return broken;
  }

  private static void check(
      List<String> broken, PeerSystem system, Map<PeerSystem, PeerEffects.Seen> all) {
    Optional.ofNullable(all.get(system))
        .filter(seen -> seen.duplicates() > 0 || seen.lost() > 0)
        .ifPresent(seen ->
            broken.add("%s repeated or lost an effect: %s".formatted(system.title(), seen)));
  }
}

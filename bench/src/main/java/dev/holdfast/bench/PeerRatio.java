package dev.holdfast.bench;

import java.util.List;

/**
 * One system beside another, round by round.
 *
 * @param median the median of the rounds' ratios
 * @param target what it must reach at least
 * @param isSteady whether the disk alone did not change its pace more than twofold meanwhile
 */
record PeerRatio(String name, double median, double target, boolean isSteady) {
  private static final double FLUSH_SPREAD_MAX = 2;

  static PeerRatio of(
      String name, double target, List<Double> ours, List<Double> theirs, Samples flushes) {
    var ratios = new Samples();
    for (int round = 0; round < ours.size(); round++) {
      ratios.add(ours.get(round) / theirs.get(round));
    }
    return new PeerRatio(name, ratios.median(), target, flushes.spread() <= FLUSH_SPREAD_MAX);
  }

  String verdict() {
    String met = median >= target ? "met" : "missed";
    return isSteady ? met : "inconclusive, the disk was not steady (%s)".formatted(met);
  }
}

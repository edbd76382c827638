package dev.holdfast.bench;

import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What one model call and one tool call add to a conversation. */
record PerCall(double model, double tool) {
  /**
   * Separates the two by three mixes: with more calls in each reply, only tool calls are added;
   * with more replies, as many tool calls and a model call to each.
   */
  static PerCall of(
      Map<OverheadMix, OverheadSide.Cost> costs, ToDoubleFunction<OverheadSide.Cost> what) {
    double base = what.applyAsDouble(cost(costs, OverheadMix.BASE));
    double replies = what.applyAsDouble(cost(costs, OverheadMix.MORE_REPLIES));
    double calls = what.applyAsDouble(cost(costs, OverheadMix.MORE_CALLS));
    return new PerCall((replies - calls) / OverheadMix.ADDED, (calls - base) / OverheadMix.ADDED);
  }

  private static OverheadSide.Cost cost(
      Map<OverheadMix, OverheadSide.Cost> costs, OverheadMix mix) {
    return Optional.ofNullable(costs.get(mix)).orElseThrow();
  }

  PerCall plus(PerCall other) {
    return new PerCall(model + other.model, tool + other.tool);
  }

  PerCall dividedBy(double divisor) {
    return new PerCall(model / divisor, tool / divisor);
  }
}

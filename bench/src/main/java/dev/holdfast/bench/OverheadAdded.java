package dev.holdfast.bench;

import java.util.Map;

/**
 * What one side adds to each call, over conversations that were measured in turn. Times are medians
 * of the differences between neighbours, so that a disk or a machine that slowly changes cancels
 * out; counts are means. For one thread.
 */
final class OverheadAdded {
  private final Samples model = new Samples();
  private final Samples tool = new Samples();
  private PerCall commits = new PerCall(0, 0);
  private PerCall waits = new PerCall(0, 0);
  private int count;

  void add(Map<OverheadMix, OverheadSide.Cost> costs) {
    PerCall micros = PerCall.of(costs, OverheadSide.Cost::micros);
    model.add(micros.model());
    tool.add(micros.tool());
    commits = commits.plus(PerCall.of(costs, OverheadSide.Cost::commits));
    waits = waits.plus(PerCall.of(costs, OverheadSide.Cost::waits));
    count++;
  }

  PerCall micros() {
    return new PerCall(model.median(), tool.median());
  }

  PerCall commits() {
    return commits.dividedBy(count);
  }

  PerCall waits() {
    return waits.dividedBy(count);
  }
}

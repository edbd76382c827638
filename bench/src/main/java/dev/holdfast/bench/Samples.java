package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Measured values; for one thread. */
final class Samples {
  private final List<Double> values = new ArrayList<>();

  void add(double value) {
    values.add(value);
  }

  double last() {
    return values.getLast();
  }

  /** All of them, in the order in which they were measured. */
  List<Double> values() {
    return List.copyOf(values);
  }

  /** The middle value, or the mean of the two in the middle. */
  double median() {
    if (values.isEmpty()) {
      throw new IllegalStateException("Nothing was measured.");
    }
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** The smallest value that this share of all values does not exceed; 0 to 1. */
  double quantile(double share) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get((int) Math.clamp(Math.ceil(share * sorted.size()) - 1, 0, sorted.size() - 1));
  }

  /** How much of their variance a straight line over their order explains (R²); 0 to 1. */
  double linearity() {
    int count = values.size();
    double meanX = (count - 1) / 2.0;
    double meanY = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i = 0; i < count; i++) {
      double x = i - meanX;
      double y = values.get(i) - meanY;
      xx += x * x;
      xy += x * y;
      yy += y * y;
    }
    return xy * xy / (xx * yy);
  }

  double least() {
    return Collections.min(values);
  }

  double most() {
    return Collections.max(values);
  }

  /** The largest value divided by the smallest. */
  double spread() {
    return most() / least();
  }
}

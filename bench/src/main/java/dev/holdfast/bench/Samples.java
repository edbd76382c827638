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

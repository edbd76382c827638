package dev.holdfast.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** One place that breaks a rule: where, what with its figure and limit, and the remedy. */
record Finding(String place, String problem, String remedy) {

  static Finding at(Source source, long line, String problem, String remedy) {
    return new Finding(source.path() + ":" + line, problem, remedy);
  }

  static void expectNone(List<Finding> findings) {
    assertThat(findings)
        .as("places that break a rule of this code base: %d", findings.size())
        .isEmpty();
  }

  @Override
  public String toString() {
    return "%n%s: %s. %s.".formatted(place, problem, remedy);
  }
}

package dev.holdfast.bench;

import java.util.function.ToDoubleFunction;

/** The figures of one kind of call over all rounds. For one thread. */
final class OverheadFigures {
  private final ToDoubleFunction<PerCall> kind;
  private final Samples ephemeral = new Samples();
  private final Samples powerLoss = new Samples();
  private final Samples commits = new Samples();
  private final Samples waits = new Samples();
  private final Samples beyondCommits = new Samples();

  OverheadFigures(ToDoubleFunction<PerCall> kind) {
    this.kind = kind;
  }

  void add(OverheadAdded plain, OverheadAdded quick, OverheadAdded safe, double rawMicros) {
    double base = kind.applyAsDouble(plain.micros());
    ephemeral.add(kind.applyAsDouble(quick.micros()) - base);
    powerLoss.add(kind.applyAsDouble(safe.micros()) - base);
    commits.add(kind.applyAsDouble(safe.commits()));
    waits.add(kind.applyAsDouble(safe.waits()));
    beyondCommits.add(powerLoss.last() - commits.last() * rawMicros);
  }

  /** Microseconds that a call takes longer where nothing is flushed. */
  Samples ephemeral() {
    return ephemeral;
  }

  /** Microseconds that a call takes longer where every commit is flushed. */
  Samples powerLoss() {
    return powerLoss;
  }

  /** Commits for each call. */
  Samples commits() {
    return commits;
  }

  /** How often a call waits for a commit. */
  Samples waits() {
    return waits;
  }

  /** What is left of {@link #powerLoss} without raw commits, in microseconds. */
  Samples beyondCommits() {
    return beyondCommits;
  }
}

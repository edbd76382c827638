package dev.holdfast.gauntlet;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A call that a play makes on the current thread, for stand-ins that are called within it. */
final class Site {
  private static final ThreadLocal<@Nullable Site> HERE = new ThreadLocal<>();

  private final Optional<Fault> due;
  private boolean isOfModel;
  private boolean isMet;

  Site(Optional<Fault> due) {
    this.due = due;
  }

  /** The one of the current thread; none outside of a play. */
  static Optional<Site> here() {
    return Optional.ofNullable(HERE.get());
  }

  /** Makes a call that stands here. */
  <T> T around(Callable<T> call) throws Exception {
    Site outer = HERE.get();
    HERE.set(this);
    try {
      return call.call();
    } finally {
      HERE.set(outer);
    }
  }

  /** Tells that a model is asked here, and what befalls it; a fault strikes once. */
  Optional<Fault> meetModel() {
    isOfModel = true;
    Optional<Fault> strikes = due.filter(fault -> !isMet && fault.group() == Fault.Group.MODELS);
    isMet |= strikes.isPresent();
    return strikes;
  }

  /** Whether a model was asked here that faults can befall. */
  boolean isOfModel() {
    return isOfModel;
  }
}

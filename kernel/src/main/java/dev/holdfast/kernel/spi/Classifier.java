package dev.holdfast.kernel.spi;

import dev.holdfast.journal.Failure;
import java.util.Optional;

/** Tells from an exception whether an effect may have happened and whether a retry can help. */
@FunctionalInterface
public interface Classifier {
  /** The failure that the exception means, or empty where this classifier does not know it. */
  Optional<Failure> classify(Throwable thrown);

  /** Asks this one first, then the other. */
  default Classifier orElse(Classifier other) {
    return thrown -> classify(thrown).or(() -> other.classify(thrown));
  }
}

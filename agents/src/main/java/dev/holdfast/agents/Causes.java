package dev.holdfast.agents;

import dev.holdfast.journal.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What lies behind an exception. */
final class Causes {
  private static final int DEPTH_MAX = 20;

  private Causes() {}

  /** The exception and its causes, outermost first, at most twenty. */
  static List<Throwable> of(Throwable thrown) {
    var causes = new ArrayList<Throwable>();
    Optional<Throwable> next = Optional.of(thrown);
    while (next.isPresent() && causes.size() < DEPTH_MAX) {
      causes.add(next.get());
      next = Optional.ofNullable(next.get().getCause());
    }
    return causes;
  }

  /** The same failure with another message. */
  static Failure redacted(Failure failure, String message) {
    return switch (failure) {
      case Failure.NotSent f -> new Failure.NotSent(f.code(), message);
      case Failure.Rejected f -> new Failure.Rejected(f.code(), message);
      case Failure.Transient f -> new Failure.Transient(f.code(), message, f.retryAfter());
      case Failure.Unknown f -> new Failure.Unknown(f.code(), message);
    };
  }
}

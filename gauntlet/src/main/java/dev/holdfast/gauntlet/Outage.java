package dev.holdfast.gauntlet;

import dev.holdfast.journal.StoreFailed;
import dev.holdfast.testing.Baton;
import java.time.Duration;

/** A time in which the store takes nothing. */
final class Outage {
  private final Baton baton;
  private boolean isReading = true;
  private boolean isWriting = true;

  Outage(Baton baton) {
    this.baton = baton;
  }

  /** Begins one. */
  void begin(Duration duration, boolean readsGoOn) {
    isWriting = false;
    isReading = readsGoOn;
    baton.stallCommits(duration);
    baton
        .scheduler("outage")
        .start(
            "end",
            () -> {
              baton.sleepAnyway(duration);
              isWriting = true;
              isReading = true;
            });
  }

  void checkReading() {
    if (!isReading) {
      throw new StoreFailed.Unavailable("The store cannot be reached. Try again.");
    }
  }

  void checkWriting() {
    if (!isWriting) {
      throw new StoreFailed.Unavailable("The store takes nothing for now. Try again.");
    }
  }
}

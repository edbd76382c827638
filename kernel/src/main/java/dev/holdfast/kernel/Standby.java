package dev.holdfast.kernel;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Lets a branch of a race that waits hold its thread as long as another branch of the run executes,
 * so that its time comes even then; once nobody executes all of them go, and the run is parked.
 */
final class Standby {
  /** A branch that holds its thread. */
  private static final class Held {
    private final CompletableFuture<Boolean> woken = new CompletableFuture<>();
  }

  private final Activation activation;
  private final Set<Held> held = new HashSet<>();
  private int executing = 1;

  Standby(Activation activation) {
    this.activation = activation;
  }

  /** A branch waits until several have ended: it executes no longer, they do. */
  synchronized void forked(int branches) {
    executing += branches - 1;
  }

  /** One of several branches has ended, and not as the last of them. */
  synchronized void ended() {
    executing--;
    goIfIdle();
  }

  /**
   * Holds the calling branch for that long at most.
   *
   * @return whether to look again: the time is up, or something changed; false where nobody
   *     executes any more
   */
  boolean hold(Duration atMost) {
    Held self = begin();
    CompletableFuture<Void> timeIsUp = activation.parts().watch().doneAfter(atMost);
    CompletableFuture<Void> unused = timeIsUp.thenRun(() -> self.woken.complete(true));
    try {
      return activation.await(self.woken);
    } finally {
      timeIsUp.complete(null);
      end(self);
    }
  }

  /** Something changed: who holds its thread looks again. */
  void poke() {
    List<Held> all;
    synchronized (this) {
      all = List.copyOf(held);
    }
    all.forEach(each -> each.woken.complete(true));
  }

  private synchronized Held begin() {
    var self = new Held();
    executing--;
    held.add(self);
    goIfIdle();
    return self;
  }

  private synchronized void end(Held self) {
    if (held.remove(self)) {
      executing++;
    }
  }

  private void goIfIdle() {
    if (executing == 0 && !held.isEmpty()) {
      executing = held.size();
      held.forEach(each -> each.woken.complete(false));
      held.clear();
    }
  }
}

package dev.holdfast.kernel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * Who executes here at the same time: many runs side by side, or one that must be alone.
 *
 * <p>Once a run asks to be alone nobody else comes in; it begins when those are gone who were there
 * before. Several such runs go one after the other.
 */
final class Places {
  /** The wait of one that is to be let in. */
  static final class Turn {
    private final CompletableFuture<Void> come = new CompletableFuture<>();

    /** Done when it may begin. */
    CompletableFuture<Void> come() {
      return come;
    }
  }

  private final int countMax;
  private final Queue<Turn> lonely = new ArrayDeque<>();
  private final List<Turn> waiting = new ArrayList<>();
  private int taken;
  private int callers;
  private boolean closed;

  /** As many places as that for runs that are claimed; callers bring their own. */
  Places(int countMax) {
    this.countMax = countMax;
  }

  /** Takes a place for a run that is to be claimed, where one is free. */
  synchronized boolean tryTake() {
    boolean isFree = lonely.isEmpty() && taken < countMax;
    taken += isFree ? 1 : 0;
    return isFree;
  }

  /** Gives back places that were taken. */
  synchronized void giveBack(int count) {
    taken -= count;
    admit();
  }

  /** A caller is to execute its run beside the others. */
  synchronized Turn enter() {
    var entered = new Turn();
    waiting.add(entered);
    admit();
    return entered;
  }

  /** A caller is done with its run. */
  synchronized void leave(Turn entered) {
    if (!waiting.remove(entered)) {
      callers--;
    }
    admit();
  }

  /** A run that has a place is to be alone, until it is no more. */
  synchronized Turn alone() {
    var alone = new Turn();
    lonely.add(alone);
    admit();
    return alone;
  }

  /** That run has ended, or asks no more. */
  synchronized void alone(Turn ended) {
    lonely.remove(ended);
    admit();
  }

  /** Lets everybody through: the runs give up their claims. */
  synchronized void close() {
    closed = true;
    admit();
  }

  private void admit() {
    if (closed) {
      lonely.forEach(run -> run.come.complete(null));
    } else if (!lonely.isEmpty() && taken + callers == lonely.size()) {
      lonely.element().come.complete(null);
    }
    if (closed || lonely.isEmpty()) {
      callers += waiting.size();
      waiting.forEach(caller -> caller.come.complete(null));
      waiting.clear();
    }
  }
}

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
  private final int countMax;
  private final Queue<CompletableFuture<Void>> lonely = new ArrayDeque<>();
  private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
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

  /** Done when a caller may execute its run beside the others. */
  synchronized CompletableFuture<Void> enter() {
    var entered = new CompletableFuture<Void>();
    waiting.add(entered);
    admit();
    return entered;
  }

  /** A caller is done with its run. */
  synchronized void leave(CompletableFuture<Void> entered) {
    if (!waiting.remove(entered)) {
      callers--;
    }
    admit();
  }

  /** Done when the asking run, which has a place, is alone; it stays so until it is no more. */
  synchronized CompletableFuture<Void> alone() {
    var alone = new CompletableFuture<Void>();
    lonely.add(alone);
    admit();
    return alone;
  }

  /** That run has ended, or asks no more. */
  synchronized void alone(CompletableFuture<Void> ended) {
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
      lonely.forEach(run -> run.complete(null));
    } else if (!lonely.isEmpty() && taken + callers == lonely.size()) {
      lonely.element().complete(null);
    }
    if (closed || lonely.isEmpty()) {
      callers += waiting.size();
      waiting.forEach(caller -> caller.complete(null));
      waiting.clear();
    }
  }
}

package dev.holdfast.testing;

import dev.holdfast.journal.StoreFailed;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Group commits in virtual time: each takes as long as chance says, never overtakes another, and
 * may be cut short by a crash.
 */
final class BatonCommits implements Commits {
  private static final int SLOW_ONE_IN = 16;
  private final Turns turns;
  private final Duration delayMax;
  private final Queue<Runnable> queue = new ArrayDeque<>();
  private boolean isUnderWay;
  private boolean isAbandoned;

  BatonCommits(Turns turns, Duration delayMax) {
    if (delayMax.isNegative() || delayMax.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException(
          "commitDelayMax must be 0 to 1 minute, is " + delayMax + ".");
    }
    this.turns = turns;
    this.delayMax = delayMax;
  }

  @Override
  public <T> CompletableFuture<T> submit(Supplier<T> work) {
    var done = new BatonFuture<T>(turns);
    queue.add(() -> answer(work, done));
    if (!isUnderWay && !isAbandoned) {
      isUnderWay = true;
      turns.after(delay(), () -> isAbandoned, this::finish);
    } else if (isAbandoned) {
      commit();
    }
    return done;
  }

  private Duration delay() {
    long usual = delayMax.toNanos() / SLOW_ONE_IN;
    boolean isSlow = turns.random().nextInt(SLOW_ONE_IN) == 0;
    return Duration.ofNanos(turns.random().nextLong((isSlow ? delayMax.toNanos() : usual) + 1));
  }

  private <T> void answer(Supplier<T> work, CompletableFuture<T> done) {
    try {
      if (isAbandoned) {
        throw new StoreFailed("The journal in memory was abandoned. Open another.");
      }
      done.complete(work.get());
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
    }
  }

  private void finish() {
    Duration stalled = turns.stalled();
    if (stalled.isPositive()) {
      turns.after(stalled, () -> isAbandoned, this::finish);
    } else {
      commit();
    }
  }

  private void commit() {
    isUnderWay = false;
    for (int left = queue.size(); left > 0; left--) {
      queue.remove().run();
    }
  }

  /** What the commit under way has written stays written; how much that is nobody knows. */
  @Override
  public void abandon() {
    for (int written = turns.random().nextInt(queue.size() + 1); written > 0; written--) {
      queue.remove().run();
    }
    isAbandoned = true;
    commit();
  }

  @Override
  public void close() {
    commit();
  }
}

package dev.holdfast.testing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A future whose waiters pass on the baton, and so do those of what is made from it. */
final class BatonFuture<T> extends CompletableFuture<T> {
  private final Turns turns;

  BatonFuture(Turns turns) {
    this.turns = turns;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new BatonFuture<>(turns);
  }

  @Override
  public T join() {
    turns.awaitAnyway(this, () -> {});
    return super.join();
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    turns.await(this, Turns.NEVER, false);
    return super.get();
  }
}

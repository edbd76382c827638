package dev.holdfast.store;

import dev.holdfast.journal.spi.Fenced;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

/** One thing that the writer was asked to write, and the future of its answer. */
final class Request<T> implements BatchWriter.Asked {
  /** What is done within the transaction; a refusal changes nothing and is no failure of it. */
  @FunctionalInterface
  interface Work<T> {
    T perform(ExecutorTables tables) throws SQLException;
  }

  /** Work that has no answer. */
  @FunctionalInterface
  interface Action {
    void perform(ExecutorTables tables) throws SQLException;
  }

  private final Work<T> work;
  private final long characters;
  private final boolean isPatient;
  private final CompletableFuture<T> done = new CompletableFuture<>();
  private Runnable answer = () -> {};

  /**
   * A request that was not written yet.
   *
   * @param isPatient whether it waits while nothing can be written, since its run does
   */
  Request(Work<T> work, long characters, boolean isPatient) {
    this.work = work;
    this.characters = characters;
    this.isPatient = isPatient;
  }

  @SuppressWarnings("NullAway") // The only value of the type Void is null.
  static Work<Void> workOf(Action action) {
    return tables -> {
      action.perform(tables);
      return null;
    };
  }

  @Override
  public long characters() {
    return characters;
  }

  boolean isPatient() {
    return isPatient;
  }

  CompletableFuture<T> done() {
    return done;
  }

  /** Does the work; whoever waits learns of it from {@link #finish}. */
  void perform(ExecutorTables tables) throws SQLException {
    try {
      T result = work.perform(tables);
      answer = () -> done.complete(result);
    } catch (Fenced | IllegalStateException refusal) {
      answer = () -> done.completeExceptionally(refusal);
    }
  }

  /** The transaction is durable. */
  void finish() {
    answer.run();
  }

  @Override
  public void fail(RuntimeException why) {
    done.completeExceptionally(why);
  }
}

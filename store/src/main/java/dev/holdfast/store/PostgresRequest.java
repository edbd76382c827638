package dev.holdfast.store;

import dev.holdfast.journal.spi.Fenced;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

/** One thing that the writer was asked to write, and the future of its answer. */
final class PostgresRequest<T> implements BatchWriter.Asked {
  /** What is done within a batch; a refusal changes nothing and is no failure of the batch. */
  @FunctionalInterface
  interface Work<T> {
    Answer<T> perform(PostgresBatch batch) throws SQLException;
  }

  /** What is told once the batch is durable. */
  @FunctionalInterface
  interface Answer<T> {
    T get(PostgresBatch durable) throws SQLException;
  }

  @FunctionalInterface
  private interface Telling {
    void tell(PostgresBatch durable) throws SQLException;
  }

  private final Work<T> work;
  private final boolean isOfRowsAlone;
  private final PostgresLocks locks;
  private final long characters;
  private final CompletableFuture<T> done = new CompletableFuture<>();
  private Telling telling = durable -> {};

  private PostgresRequest(
      Work<T> work, boolean isOfRowsAlone, PostgresLocks locks, long characters) {
    this.work = work;
    this.isOfRowsAlone = isOfRowsAlone;
    this.locks = locks;
    this.characters = characters;
  }

  /** Work that adds rows to the batch and performs no statement of its own. */
  static <T> PostgresRequest<T> ofRows(long characters, Work<T> work) {
    return ofRows(PostgresLocks.NONE, characters, work);
  }

  /** The same, of work that keeps others from those where it shares its batch with statements. */
  static <T> PostgresRequest<T> ofRows(PostgresLocks locks, long characters, Work<T> work) {
    return new PostgresRequest<>(work, true, locks, characters);
  }

  /** Work that performs statements, and so needs a transaction around them. */
  static <T> PostgresRequest<T> ofStatements(long characters, Work<T> work) {
    return ofStatements(PostgresLocks.NONE, characters, work);
  }

  /** The same, of work that keeps others from those until it is durable. */
  static <T> PostgresRequest<T> ofStatements(PostgresLocks locks, long characters, Work<T> work) {
    return new PostgresRequest<>(work, false, locks, characters);
  }

  PostgresLocks locks() {
    return locks;
  }

  boolean isOfRowsAlone() {
    return isOfRowsAlone;
  }

  @Override
  public long characters() {
    return characters;
  }

  CompletableFuture<T> done() {
    return done;
  }

  /** Does the work; may be called again where the batch before never happened. */
  void perform(PostgresBatch batch) throws SQLException {
    try {
      Answer<T> answer = work.perform(batch);
      telling = durable -> done.complete(answer.get(durable));
    } catch (Fenced | IllegalStateException refusal) {
      telling = durable -> done.completeExceptionally(refusal);
    }
  }

  /** The batch is durable. */
  void finish(PostgresBatch durable) throws SQLException {
    telling.tell(durable);
  }

  @Override
  public void fail(RuntimeException why) {
    done.completeExceptionally(why);
  }
}

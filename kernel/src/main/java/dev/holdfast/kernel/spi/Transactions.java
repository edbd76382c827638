package dev.holdfast.kernel.spi;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import java.time.Duration;
import java.util.function.Function;

/**
 * Database transactions that hold a dedupe row beside the user's work; safe for many threads.
 *
 * <p>The row for the key is inserted first, gets the result before the commit, and is found by the
 * next insert of the same key, which a transaction still open elsewhere blocks.
 *
 * @param <C> what the work uses, such as a JDBC connection
 */
public interface Transactions<C> {
  /** The user's part of a transaction. */
  @FunctionalInterface
  interface Work<C, I, O> {
    /** Does it on that connection; an exception rolls everything back. */
    O apply(C connection, I input) throws Exception;
  }

  /** The result of a guarded transaction. */
  sealed interface Guarded<O> {
    /** This call did the work. */
    record Done<O>(O result) implements Guarded<O> {}

    /** An earlier transaction with the same key did it, with that result. */
    record Repeated<O>(Payload result) implements Guarded<O> {}
  }

  /**
   * Does the work exactly once for the key.
   *
   * @param encode turns the work's result into what the dedupe row keeps
   * @param atMost how long the whole attempt may take; a wait for another transaction's row ends
   *     before that where the database can end it
   * @throws RolledBack where nothing happened
   * @throws Exception where the commit's outcome is unknown
   */
  <I, O> Guarded<O> once(
      IdempotencyKey key,
      I input,
      Work<C, ? super I, O> work,
      Function<O, Payload> encode,
      Duration atMost)
      throws Exception;

  /** The transaction was rolled back: nothing happened. */
  final class RolledBack extends Exception {
    private static final long serialVersionUID = 1L;

    /** Keeps what made the work fail. */
    public RolledBack(Throwable cause) {
      super("The transaction was rolled back: nothing happened.", cause);
    }
  }
}

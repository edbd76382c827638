package dev.holdfast.store;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.spi.Transactions.Guarded;
import dev.holdfast.kernel.spi.Transactions.RolledBack;
import dev.holdfast.kernel.spi.Transactions.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Work in a user's database that happens once for a key, whoever begins its transactions. */
final class ExactlyOnce {
  private static final int INSERTS_MAX = 3;

  private final Callable<? extends OpenTransaction> source;

  ExactlyOnce(Callable<? extends OpenTransaction> source) {
    this.source = source;
  }

  <I, O> Guarded<O> once(
      IdempotencyKey key,
      I input,
      Work<Connection, ? super I, O> work,
      Function<O, Payload> encode,
      Duration atMost)
      throws Exception {
    for (int attempt = 1; ; attempt++) {
      OpenTransaction transaction = begin();
      Optional<Exception> refusal = refusal(transaction, key, atMost);
      if (refusal.isEmpty()) {
        return new Guarded.Done<>(perform(transaction, key, input, work, encode));
      }
      Optional<Payload> earlier = earlier(key, refusal.get());
      if (earlier.isPresent()) {
        return new Guarded.Repeated<>(earlier.get());
      }
      if (!isDuplicate(refusal.get())) {
        throw new RolledBack(refusal.get());
      }
      // The row was there and is gone: its transaction has rolled back, so it is free again.
      if (attempt == INSERTS_MAX) {
        throw new RolledBack(isGone(key, refusal.get()));
      }
    }
  }

  private OpenTransaction begin() throws RolledBack {
    try {
      return source.call();
    } catch (Exception e) {
      throw new RolledBack(e);
    }
  }

  /** Inserts the key's row, or says why that was refused; the transaction is over then. */
  private static Optional<Exception> refusal(
      OpenTransaction transaction, IdempotencyKey key, Duration atMost) {
    try {
      EffectTable.insert(transaction.connection(), key, atMost);
      return Optional.empty();
    } catch (Exception e) {
      undo(transaction, e);
      return Optional.of(e);
    } catch (Error e) {
      undo(transaction, e);
      throw e;
    }
  }

  private static boolean isDuplicate(Exception refusal) {
    return refusal instanceof SQLException failure && EffectTable.isDuplicate(failure);
  }

  /** The result of the transaction that had the key's row before. */
  private Optional<Payload> earlier(IdempotencyKey key, Exception refusal) throws Exception {
    try {
      OpenTransaction reading = begin();
      try {
        return isWorthALook(reading.connection(), refusal)
            ? EffectTable.result(reading.connection(), key)
            : Optional.empty();
      } finally {
        reading.rollback();
      }
    } catch (Exception e) {
      refusal.addSuppressed(e);
      throw isDuplicate(refusal) ? isUnread(key, refusal) : new RolledBack(refusal);
    }
  }

  /** A dirty read would answer with what its transaction may still roll back. */
  private static boolean isWorthALook(Connection connection, Exception refusal)
      throws SQLException {
    return isDuplicate(refusal)
        || connection.getTransactionIsolation() != Connection.TRANSACTION_READ_UNCOMMITTED;
  }

  /** A duplicate is no refusal by the target: it must not look like one of the user's tables. */
  private static Exception isGone(IdempotencyKey key, Exception refusal) {
    KnownFailure failure =
        KnownFailure.tryLater(
            "held",
            ("The row of %s in holdfast_effect was refused %d times as being there and was never"
                    + " found: other attempts begin and roll back, or a constraint was added to"
                    + " the table, which then has to go.")
                .formatted(key, INSERTS_MAX),
            Optional.empty());
    failure.initCause(refusal);
    return failure;
  }

  /** Somebody has done the work, so nobody may conclude that it did not happen. */
  private static Exception isUnread(IdempotencyKey key, Exception refusal) {
    KnownFailure failure =
        KnownFailure.unknown(
            "unread",
            ("The row of %s is in holdfast_effect, so the work was done, but its result could not"
                    + " be read. Another attempt reads it once the database answers.")
                .formatted(key));
    failure.initCause(refusal);
    return failure;
  }

  private static <I, O> O perform(
      OpenTransaction transaction,
      IdempotencyKey key,
      I input,
      Work<Connection, ? super I, O> work,
      Function<O, Payload> encode)
      throws Exception {
    O result;
    try {
      Connection connection = transaction.connection();
      result = work.apply(GuardedConnection.around(connection), input);
      EffectTable.keep(connection, key, encode.apply(result));
    } catch (Exception e) {
      undo(transaction, e);
      throw new RolledBack(e);
    } catch (Error e) {
      undo(transaction, e);
      throw e;
    }
    transaction.commit();
    return result;
  }

  /** A connection that cannot even roll back is lost, and its transaction with it. */
  private static void undo(OpenTransaction transaction, Throwable why) {
    try {
      transaction.rollback();
    } catch (Exception e) {
      why.addSuppressed(e);
    }
  }
}

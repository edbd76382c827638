package dev.holdfast.store;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import dev.holdfast.kernel.spi.Transactions;
import java.sql.Connection;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Transactions that Spring manages, each with its dedupe row: the work happens once for a key.
 *
 * <p>Each attempt is one new transaction ({@code REQUIRES_NEW}). What takes part in Spring's
 * transactions joins it: {@code JdbcTemplate}, {@code JdbcClient}, methods with
 * {@code @Transactional}, repositories. Work for which one of them calls {@code setRollbackOnly}
 * has not happened, nor has work that throws, whatever it throws. What a listener throws after the
 * commit is logged and changes nothing: the work has happened. A transaction that a part of the
 * work begins for itself, as {@code REQUIRES_NEW} does, and work on other threads are outside.
 *
 * <p>The work also gets the transaction's connection, on which it must not commit, roll back or
 * close. How long a repeat waits: see {@link JdbcTransactions}. Safe for many threads. Needs {@code
 * spring-jdbc}, 7.0 or newer, which this module does not bring along.
 */
public final class SpringTransactions implements Transactions<Connection> {
  private final PlatformTransactionManager manager;
  private final DataSource source;

  private SpringTransactions(PlatformTransactionManager manager, DataSource source) {
    this.manager = manager;
    this.source = source;
  }

  /**
   * Transactions of that manager, over the data source whose connections it manages, such as the
   * {@code DataSourceTransactionManager} or the {@code JpaTransactionManager} of that data source.
   * Where the manager does not manage it, as in distributed transactions, every effect is refused.
   */
  public static SpringTransactions over(PlatformTransactionManager manager, DataSource source) {
    return new SpringTransactions(
        manager,
        source instanceof TransactionAwareDataSourceProxy proxy
            ? Objects.requireNonNull(proxy.getTargetDataSource(), "targetDataSource")
            : source);
  }

  /** Makes the table of the dedupe rows; see {@link JdbcTransactions#createTable}. */
  public SpringTransactions createTable() {
    EffectTable.create(source);
    return this;
  }

  @Override
  public <I, O> Guarded<O> once(
      IdempotencyKey key,
      I input,
      Work<Connection, ? super I, O> work,
      Function<O, Payload> encode,
      Duration atMost)
      throws Exception {
    return new ExactlyOnce(this::begin).once(key, input, work, encode, atMost);
  }

  private SpringTransaction begin() {
    TransactionStatus status =
        manager.getTransaction(
            new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW));
    if (!TransactionSynchronizationManager.hasResource(source)) {
      manager.rollback(status);
      throw new IllegalStateException(
          ("The transaction manager %s does not manage the data source %s, so no dedupe row can be"
                  + " in its transactions. Hand in the data source that the manager has.")
              .formatted(manager.getClass().getName(), source.getClass().getName()));
    }
    return SpringTransaction.begun(manager, status, source);
  }
}

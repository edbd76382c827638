package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Payload;
import dev.holdfast.kernel.spi.Transactions;
import dev.holdfast.kernel.spi.Transactions.Guarded;
import dev.holdfast.kernel.spi.Transactions.RolledBack;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

class SpringTransactionsTest extends TransactionLaws {
  private JdbcTransactionManager manager;
  private JdbcTemplate template;

  @Override
  Transactions<Connection> over(DataSource database) {
    return SpringTransactions.over(new JdbcTransactionManager(database), database);
  }

  @BeforeEach
  void makeManager() {
    manager = new JdbcTransactionManager(source);
    template = new JdbcTemplate(source);
  }

  @Test
  void whatTakesPartInSpringsTransactionsIsInThisOne() throws Exception {
    Guarded<Long> done =
        once((connection, item) -> {
          template.update("INSERT INTO booking (item) VALUES (?)", item);
          JdbcClient.create(source)
              .sql("INSERT INTO booking (item) VALUES (?)")
              .param(item)
              .update();
          joined()
              .executeWithoutResult(status -> {
                assertThat(status.isNewTransaction()).isFalse();
                template.update("INSERT INTO booking (item) VALUES (?)", item);
              });
          assertThat(bookings()).as("seen from outside").isZero();
          return BookingShop.book(connection, item);
        });

    assertThat(done).isEqualTo(new Guarded.Done<>(4L));
    assertThat(bookings()).isEqualTo(4);
    assertThat(book(ATTEMPT_MAX)).isEqualTo(new Guarded.Repeated<>(new Payload("4")));
  }

  @Test
  void allOfItIsRolledBackWithAnException() throws Exception {
    assertThatThrownBy(() ->
            once((connection, item) -> {
              template.update("INSERT INTO booking (item) VALUES (?)", item);
              throw new IOException("out of stock");
            }))
        .isInstanceOf(RolledBack.class)
        .hasCauseInstanceOf(IOException.class);
    assertNothingHappened();
  }

  @Test
  void aPartThatSetsRollbackOnlyUndoesTheWhole() throws Exception {
    assertThatThrownBy(() ->
            once((connection, item) -> {
              template.update("INSERT INTO booking (item) VALUES (?)", item);
              joined().executeWithoutResult(status -> status.setRollbackOnly());
              return 1L;
            }))
        .isInstanceOf(RolledBack.class)
        .hasCauseInstanceOf(UnexpectedRollbackException.class);
    assertNothingHappened();
  }

  @Test
  void soDoesAPartWhoseFailureTheWorkHides() throws Exception {
    assertThatThrownBy(() ->
            once((connection, item) -> {
              BookingShop.book(connection, item);
              assertThatThrownBy(() ->
                      joined()
                          .executeWithoutResult(status -> {
                            throw new ArithmeticException();
                          }))
                  .isInstanceOf(ArithmeticException.class);
              return 1L;
            }))
        .isInstanceOf(RolledBack.class)
        .hasCauseInstanceOf(UnexpectedRollbackException.class);
    assertNothingHappened();
  }

  @Test
  void aTransactionAroundItIsLeftAlone() {
    joined()
        .executeWithoutResult(outer -> {
          template.update("INSERT INTO booking (item) VALUES ('outer')");
          try {
            book(ATTEMPT_MAX);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
          outer.setRollbackOnly();
        });
    assertThat(template.queryForList("SELECT item FROM booking", String.class))
        .containsExactly("kettle");
  }

  @Test
  void aListenerThatRefusesTheCommitHasPreventedIt() throws Exception {
    assertThatThrownBy(() -> once(listening(new Refusing(true))))
        .isInstanceOf(RolledBack.class)
        .hasRootCauseMessage("no");
    assertNothingHappened();
  }

  @Test
  void aListenerThatFailsAfterTheCommitChangesNothing() throws Exception {
    assertThat(once(listening(new Refusing(false)))).isEqualTo(new Guarded.Done<>(1L));

    assertThat(book(ATTEMPT_MAX)).isEqualTo(new Guarded.Repeated<>(new Payload("1")));
    assertThat(bookings()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCommitWithoutAnAnswerIsNotTakenForARollback(boolean isTranslating) throws Exception {
    var lost = new SQLException("connection reset", "08006");
    DataSource breaking = UserDatabase.failing(source, "commit", lost);
    var unsure =
        SpringTransactions.over(
            isTranslating
                ? new JdbcTransactionManager(breaking)
                : new DataSourceTransactionManager(breaking),
            breaking);

    assertThatThrownBy(() ->
            unsure.once(KEY, "kettle", BookingShop::book, TransactionLaws::encoded, ATTEMPT_MAX))
        .isNotInstanceOf(RolledBack.class)
        .hasRootCause(lost);
  }

  @Test
  void aManagerOfAnotherDatabaseIsRefused() throws Exception {
    var astray = SpringTransactions.over(manager, database.pool());

    assertThatThrownBy(() ->
            astray.once(KEY, "kettle", BookingShop::book, TransactionLaws::encoded, ATTEMPT_MAX))
        .isInstanceOf(RolledBack.class)
        .cause()
        .hasMessageContaining("Hand in the data source that the manager has");
    assertNothingHappened();
  }

  @Test
  void aDataSourceThatKnowsOfTransactionsIsSeenThrough() throws Exception {
    transactions =
        SpringTransactions.over(manager, new TransactionAwareDataSourceProxy(source)).createTable();
    assertThat(book(ATTEMPT_MAX)).isEqualTo(new Guarded.Done<>(1L));
  }

  @Test
  void noTransactionAndNoConnectionIsLeftOnTheThread() throws Exception {
    book(ATTEMPT_MAX);
    assertThat(book(ATTEMPT_MAX)).isInstanceOf(Guarded.Repeated.class);

    assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isFalse();
    assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
    assertThat(source.getHikariPoolMXBean().getActiveConnections()).isZero();
  }

  @Test
  void theConnectionMustNotBeEndedByTheWork() throws Exception {
    assertThatThrownBy(() ->
            once((connection, item) -> {
              connection.commit();
              return 1L;
            }))
        .isInstanceOf(RolledBack.class)
        .cause()
        .hasMessageContaining("commit is not allowed");
    assertNothingHappened();
  }

  private TransactionTemplate joined() {
    var joined = new TransactionTemplate(manager);
    joined.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRED);
    return joined;
  }

  private static Transactions.Work<Connection, String, Long> listening(
      TransactionSynchronization listener) {
    return (connection, item) -> {
      TransactionSynchronizationManager.registerSynchronization(listener);
      return BookingShop.book(connection, item);
    };
  }

  private void assertNothingHappened() throws SQLException {
    assertThat(bookings()).isZero();
    assertThat(UserDatabase.count(source, "holdfast_effect")).isZero();
    assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isFalse();
    assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
    assertThat(source.getHikariPoolMXBean().getActiveConnections()).isZero();
  }

  private record Refusing(boolean isBefore) implements TransactionSynchronization {
    @Override
    public void beforeCommit(boolean isReadOnly) {
      if (isBefore) {
        throw new IllegalStateException("no");
      }
    }

    @Override
    public void afterCommit() {
      throw new IllegalStateException("no");
    }
  }
}

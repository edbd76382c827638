package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.spi.Transactions.Guarded;
import dev.holdfast.kernel.spi.Transactions.RolledBack;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcTransactionsTest {
  private static final IdempotencyKey KEY = new IdempotencyKey("k3y");
  private static final Duration ATTEMPT_MAX = Duration.ofSeconds(30);

  @TempDir Path folder;
  private DataSource source;
  private JdbcTransactions transactions;

  @BeforeEach
  void makeTables() throws SQLException {
    source = UserDatabase.source(folder.resolve("shop.db"), Duration.ofSeconds(20));
    transactions = JdbcTransactions.over(source).createTable();
    UserDatabase.execute(source, "CREATE TABLE booking (number INTEGER PRIMARY KEY, item TEXT)");
  }

  @Test
  void theWorkIsDoneOnceAndARepeatGetsItsResult() throws Exception {
    assertThat(book(KEY, "kettle")).isEqualTo(new Guarded.Done<>(1L));

    assertThat(book(KEY, "kettle")).isEqualTo(new Guarded.Repeated<>(new Payload("1")));
    assertThat(book(new IdempotencyKey("other"), "kettle")).isEqualTo(new Guarded.Done<>(2L));
    assertThat(bookings()).isEqualTo(2);
  }

  @Test
  void ofManyAtTheSameTimeOneDoesTheWork() throws Exception {
    List<Future<Guarded<Long>>> tries = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 24; i++) {
        tries.add(threads.submit(() -> book(KEY, "kettle")));
      }
      List<Guarded<Long>> outcomes = new ArrayList<>();
      for (Future<Guarded<Long>> each : tries) {
        outcomes.add(each.get(60, TimeUnit.SECONDS));
      }
      assertThat(outcomes).filteredOn(Guarded.Done.class::isInstance).hasSize(1);
      assertThat(outcomes)
          .filteredOn(Guarded.Repeated.class::isInstance)
          .hasSize(23)
          .allMatch(new Guarded.Repeated<Long>(new Payload("1"))::equals);
    }
    assertThat(bookings()).isEqualTo(1);
  }

  @Test
  void anExceptionRollsEverythingBackAndFreesTheKey() throws Exception {
    var refusal = new IOException("out of stock");

    assertThatThrownBy(() ->
            transactions.once(
                KEY,
                "kettle",
                (connection, item) -> {
                  UserDatabase.insert(connection, item);
                  throw refusal;
                },
                JdbcTransactionsTest::encoded,
                ATTEMPT_MAX))
        .isInstanceOf(RolledBack.class)
        .hasCause(refusal);

    assertThat(bookings()).isZero();
    assertThat(book(KEY, "kettle")).isInstanceOf(Guarded.Done.class);
  }

  @Test
  void aResultThatCannotBeEncodedRollsEverythingBack() throws Exception {
    assertThatThrownBy(() ->
            transactions.once(
                KEY,
                "kettle",
                UserDatabase::insert,
                result -> {
                  throw new IllegalArgumentException("too large");
                },
                ATTEMPT_MAX))
        .isInstanceOf(RolledBack.class)
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(bookings()).isZero();
  }

  @Test
  void anErrorPassesThroughBehindTheRollback() throws Exception {
    assertThatThrownBy(() ->
            transactions.once(
                KEY,
                "kettle",
                (connection, item) -> {
                  UserDatabase.insert(connection, item);
                  throw new StackOverflowError();
                },
                JdbcTransactionsTest::encoded,
                ATTEMPT_MAX))
        .isInstanceOf(StackOverflowError.class);
    assertThat(bookings()).isZero();
  }

  @Test
  void aZombiesOpenTransactionBlocksARepeatAndThenAnswersIt() throws Exception {
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var zombie = async(() -> waiting(inside, goOn));
    assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();

    var repeat = async(() -> book(KEY, "kettle"));
    Thread.sleep(300);
    assertThat(repeat).as("the repeat while the zombie's transaction is open").isNotDone();
    goOn.countDown();

    assertThat(zombie.get(30, TimeUnit.SECONDS)).isEqualTo(new Guarded.Done<>(1L));
    assertThat(repeat.get(30, TimeUnit.SECONDS))
        .isEqualTo(new Guarded.Repeated<>(new Payload("1")));
    assertThat(bookings()).isEqualTo(1);
  }

  @Test
  void aRepeatThatWaitsTooLongHasDoneNothing() throws Exception {
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var zombie = async(() -> waiting(inside, goOn));
    assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
    var impatient =
        JdbcTransactions.over(
            UserDatabase.source(folder.resolve("shop.db"), Duration.ofMillis(50)));

    assertThatThrownBy(() ->
            impatient.once(
                KEY, "kettle", UserDatabase::insert, JdbcTransactionsTest::encoded, ATTEMPT_MAX))
        .isInstanceOf(RolledBack.class)
        .hasCauseInstanceOf(SQLException.class);

    goOn.countDown();
    zombie.get(30, TimeUnit.SECONDS);
    assertThat(bookings()).isEqualTo(1);
  }

  @Test
  void whatDiedBetweenInsertAndCommitNeverHappened() throws Exception {
    Connection dead = source.getConnection();
    dead.setAutoCommit(false);
    EffectTable.insert(dead, KEY, ATTEMPT_MAX);
    UserDatabase.insert(dead, "kettle");
    dead.close();

    assertThat(book(KEY, "kettle")).isEqualTo(new Guarded.Done<>(1L));
    assertThat(bookings()).isEqualTo(1);
  }

  @Test
  void aRowThatIsThereAndCannotBeReadIsNotTakenForARefusal() throws Exception {
    book(KEY, "kettle");
    transactions = JdbcTransactions.over(UserDatabase.lending(source, 1));

    assertThatThrownBy(() -> book(KEY, "kettle"))
        .isInstanceOfSatisfying(
            KnownFailure.class,
            unread -> assertThat(unread.failure()).isInstanceOf(Failure.Unknown.class))
        .hasMessageContaining("could not be read");
  }

  @Test
  void aRowThatIsRefusedAndNeverThereIsTriedAgain() throws Exception {
    UserDatabase.execute(
        source,
        "CREATE TRIGGER stop BEFORE INSERT ON holdfast_effect"
            + " BEGIN SELECT RAISE(ABORT, 'refused'); END");

    assertThatThrownBy(() -> book(KEY, "kettle"))
        .isInstanceOf(RolledBack.class)
        .cause()
        .isInstanceOfSatisfying(
            KnownFailure.class,
            held -> assertThat(held.failure()).isInstanceOf(Failure.Transient.class));
    assertThat(bookings()).isZero();
  }

  @Test
  void whereOthersWorkCanBeReadUncommittedOnlyADuplicateIsLookedAt() throws Exception {
    book(KEY, "kettle");
    try (var pool = new HikariDataSource();
        Connection writer = source.getConnection()) {
      pool.setDataSource(UserDatabase.source(folder.resolve("shop.db"), Duration.ofMillis(50)));
      pool.setTransactionIsolation("TRANSACTION_READ_UNCOMMITTED");
      transactions = JdbcTransactions.over(pool);
      assertThat(book(KEY, "kettle")).isInstanceOf(Guarded.Repeated.class);
      writer.setAutoCommit(false);
      UserDatabase.insert(writer, "pan");
      assertThatThrownBy(() -> book(KEY, "kettle")).isInstanceOf(RolledBack.class);
    }
  }

  @Test
  void aDatabaseThatCannotBeReachedHasDoneNothing() {
    var unreachable =
        JdbcTransactions.over(
            UserDatabase.failing(source, "getConnection", new SQLException("no route", "08001")));

    assertThatThrownBy(() ->
            unreachable.once(
                KEY, "kettle", UserDatabase::insert, JdbcTransactionsTest::encoded, ATTEMPT_MAX))
        .isInstanceOf(RolledBack.class)
        .hasRootCauseMessage("no route");
  }

  @Test
  void aCommitWithoutAnAnswerIsNotTakenForARollback() throws Exception {
    var lost = new SQLException("connection reset", "08006");
    var unsure = JdbcTransactions.over(UserDatabase.failing(source, "commit", lost));

    assertThatThrownBy(() ->
            unsure.once(
                KEY, "kettle", UserDatabase::insert, JdbcTransactionsTest::encoded, ATTEMPT_MAX))
        .isSameAs(lost);
    assertThat(book(KEY, "kettle")).isInstanceOf(Guarded.Done.class);
  }

  @Test
  void aFailedRollbackStillMeansThatNothingHappened() throws Exception {
    var gone = new SQLException("gone", "08006");
    var broken = JdbcTransactions.over(UserDatabase.failing(source, "rollback", gone));

    assertThatThrownBy(() ->
            broken.once(
                KEY,
                "kettle",
                (connection, item) -> {
                  UserDatabase.insert(connection, item);
                  throw new IOException("out of stock");
                },
                JdbcTransactionsTest::encoded,
                ATTEMPT_MAX))
        .isInstanceOf(RolledBack.class)
        .cause()
        .hasMessage("out of stock")
        .hasSuppressedException(gone);
    assertThat(bookings()).isZero();
  }

  @Test
  void workThatEndsTheTransactionItselfIsCaught() {
    assertThatThrownBy(() ->
            transactions.once(
                KEY,
                "kettle",
                (connection, item) -> {
                  try (Statement statement = connection.createStatement()) {
                    statement.execute("ROLLBACK");
                  }
                  return 0L;
                },
                JdbcTransactionsTest::encoded,
                ATTEMPT_MAX))
        .isInstanceOf(RolledBack.class)
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasStackTraceContaining("Leave commit and rollback to Holdfast");
  }

  private Guarded<Long> book(IdempotencyKey key, String item) throws Exception {
    return transactions.once(
        key, item, UserDatabase::insert, JdbcTransactionsTest::encoded, ATTEMPT_MAX);
  }

  private Guarded<Long> waiting(CountDownLatch inside, CountDownLatch goOn) throws Exception {
    return transactions.once(
        KEY,
        "kettle",
        (connection, item) -> {
          long number = UserDatabase.insert(connection, item);
          inside.countDown();
          assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
          return number;
        },
        JdbcTransactionsTest::encoded,
        ATTEMPT_MAX);
  }

  private static CompletableFuture<Guarded<Long>> async(
      java.util.concurrent.Callable<Guarded<Long>> work) {
    var future = new CompletableFuture<Guarded<Long>>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            future.complete(work.call());
          } catch (Exception e) {
            future.completeExceptionally(e);
          }
        });
    return future;
  }

  private long bookings() throws SQLException {
    return UserDatabase.count(source, "booking");
  }

  private static Payload encoded(Long number) {
    return new Payload(number.toString());
  }
}

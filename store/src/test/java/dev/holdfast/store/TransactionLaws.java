package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import dev.holdfast.kernel.spi.Transactions;
import dev.holdfast.kernel.spi.Transactions.Guarded;
import dev.holdfast.kernel.spi.Transactions.RolledBack;
import dev.holdfast.kernel.spi.Transactions.Work;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What holds for transactions in a user's PostgreSQL database, whoever manages them. */
abstract class TransactionLaws {
  static final IdempotencyKey KEY = new IdempotencyKey("k3y");
  static final Duration ATTEMPT_MAX = Duration.ofSeconds(30);

  @RegisterExtension final TestDatabase database = TestDatabase.withoutTables();
  HikariDataSource source;
  Transactions<Connection> transactions;

  abstract Transactions<Connection> over(DataSource database);

  @BeforeEach
  void makeTables() throws SQLException {
    source = database.pool();
    BookingShop.make(source);
    JdbcTransactions.over(source).createTable();
    transactions = over(source);
  }

  @Test
  void theWorkIsDoneOnceAndARepeatGetsItsResult() throws Exception {
    assertThat(book(ATTEMPT_MAX)).isEqualTo(new Guarded.Done<>(1L));

    assertThat(book(ATTEMPT_MAX)).isEqualTo(new Guarded.Repeated<>(new Payload("1")));
    assertThat(bookings()).isEqualTo(1);
  }

  @Test
  void ofManyAtTheSameTimeOneDoesTheWork() {
    var tries = IntStream.range(0, 24).mapToObj(i -> async(() -> book(ATTEMPT_MAX))).toList();
    var outcomes = tries.stream().map(CompletableFuture::join).toList();

    assertThat(outcomes).filteredOn(Guarded.Done.class::isInstance).hasSize(1);
    assertThat(outcomes)
        .filteredOn(Guarded.Repeated.class::isInstance)
        .hasSize(23)
        .allMatch(new Guarded.Repeated<Long>(new Payload("1"))::equals);
  }

  @Test
  void whateverTheWorkThrowsNothingHappened() throws Exception {
    for (Exception thrown : new Exception[] {new IOException("out"), new ArithmeticException()}) {
      assertThatThrownBy(() ->
              once((connection, item) -> {
                BookingShop.book(connection, item);
                throw thrown;
              }))
          .isInstanceOf(RolledBack.class)
          .hasCause(thrown);
    }
    assertThatThrownBy(() ->
            once((connection, item) -> {
              BookingShop.book(connection, item);
              throw new StackOverflowError();
            }))
        .isInstanceOf(StackOverflowError.class);

    assertThat(bookings()).isZero();
    assertThat(book(ATTEMPT_MAX)).isInstanceOf(Guarded.Done.class);
  }

  @Test
  void aZombiesOpenTransactionBlocksARepeatAndThenAnswersIt() throws Exception {
    var goOn = new CountDownLatch(1);
    var zombie = zombie(goOn);
    var repeat = async(() -> book(ATTEMPT_MAX));
    awaitBlocked();
    assertThat(repeat).isNotDone();
    goOn.countDown();

    assertThat(zombie.get(30, TimeUnit.SECONDS)).isEqualTo(new Guarded.Done<>(1L));
    assertThat(repeat.get(30, TimeUnit.SECONDS))
        .isEqualTo(new Guarded.Repeated<>(new Payload("1")));
    assertThat(bookings()).isEqualTo(1);
  }

  @Test
  void aRepeatDoesTheWorkOfAZombieThatLosesItsConnection() throws Exception {
    var goOn = new CountDownLatch(1);
    var zombie = zombie(goOn);
    var repeat = async(() -> book(ATTEMPT_MAX));
    awaitBlocked();
    assertThat(BookingShop.cut(source, "INSERT INTO booking")).isEqualTo(1);

    assertThat(repeat.get(30, TimeUnit.SECONDS)).isEqualTo(new Guarded.Done<>(2L));
    goOn.countDown();
    assertThatThrownBy(zombie::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(RolledBack.class);
    assertThat(bookings()).isEqualTo(1);
  }

  @Test
  void aRepeatWaitsForAZombieNoLongerThanItsAttemptMay() throws Exception {
    var goOn = new CountDownLatch(1);
    var zombie = zombie(goOn);

    assertThatThrownBy(() -> book(Duration.ofSeconds(2)))
        .isInstanceOf(RolledBack.class)
        .cause()
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
    assertThat(zombie).isNotDone();

    goOn.countDown();
    assertThat(zombie.get(30, TimeUnit.SECONDS)).isInstanceOf(Guarded.Done.class);
    assertThat(bookings()).isEqualTo(1);
  }

  @Test
  void theWorkItselfIsNotBoundByTheWaitForTheRow() throws Exception {
    assertThat(
            transactions.once(
                KEY,
                "kettle",
                (connection, item) -> {
                  BookingShop.execute(connection, "SELECT pg_sleep(1.5)");
                  return BookingShop.book(connection, item);
                },
                TransactionLaws::encoded,
                Duration.ofSeconds(1)))
        .isEqualTo(new Guarded.Done<>(1L));
  }

  @Test
  void aDuplicateInTheUsersOwnTableIsNoRepeat() throws Exception {
    BookingShop.execute(source, "CREATE UNIQUE INDEX ON booking (item)");
    BookingShop.execute(source, "INSERT INTO booking (item) VALUES ('kettle')");

    assertThatThrownBy(() -> book(ATTEMPT_MAX)).isInstanceOf(RolledBack.class);

    assertThat(bookings()).isEqualTo(1);
    assertThat(UserDatabase.count(source, "holdfast_effect")).isZero();
  }

  @Test
  void aCommitThatTheDatabaseRefusesHasDoneNothing() throws Exception {
    BookingShop.execute(
        source, "ALTER TABLE booking ADD UNIQUE (item) DEFERRABLE INITIALLY DEFERRED");
    BookingShop.execute(source, "INSERT INTO booking (item) VALUES ('kettle')");

    assertThatThrownBy(() -> book(ATTEMPT_MAX)).isInstanceOf(RolledBack.class);

    assertThat(bookings()).isEqualTo(1);
    assertThat(UserDatabase.count(source, "holdfast_effect")).isZero();
  }

  @Test
  void aFailedStatementThatTheWorkHidesRollsBack() throws Exception {
    assertThatThrownBy(() ->
            once((connection, item) -> {
              BookingShop.book(connection, item);
              try {
                BookingShop.execute(connection, "SELECT nonsense");
              } catch (SQLException hidden) {
                return 7L;
              }
              return 8L;
            }))
        .isInstanceOf(RolledBack.class);
    assertThat(bookings()).isZero();
  }

  final Guarded<Long> book(Duration atMost) throws Exception {
    return transactions.once(KEY, "kettle", BookingShop::book, TransactionLaws::encoded, atMost);
  }

  final Guarded<Long> once(Work<Connection, String, Long> work) throws Exception {
    return transactions.once(KEY, "kettle", work, TransactionLaws::encoded, ATTEMPT_MAX);
  }

  final long bookings() throws SQLException {
    return BookingShop.bookings(source);
  }

  /** Has done its work and does not commit before it is told to. */
  private CompletableFuture<Guarded<Long>> zombie(CountDownLatch goOn) throws Exception {
    var inside = new CountDownLatch(1);
    var zombie =
        async(() ->
            once((connection, item) -> {
              long number = BookingShop.book(connection, item);
              inside.countDown();
              assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
              return number;
            }));
    assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
    return zombie;
  }

  private void awaitBlocked() {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(BookingShop.waiting(source)).isEqualTo(1));
  }

  private static CompletableFuture<Guarded<Long>> async(
      java.util.concurrent.Callable<Guarded<Long>> work) {
    var future = new CompletableFuture<Guarded<Long>>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            future.complete(work.call());
          } catch (Throwable e) {
            future.completeExceptionally(e);
          }
        });
    return future;
  }

  static Payload encoded(Long number) {
    return new Payload(number.toString());
  }
}

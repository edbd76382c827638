package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RetryPolicy;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.Transactions.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs of a store on PostgreSQL whose effects are rows in that database or in another one. */
class TransactionalRunsTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Options OPTIONS = Options.standard().durability(Durability.EPHEMERAL);
  private static final int LOCK = 42;

  @RegisterExtension private final TestDatabase home = new TestDatabase();
  @RegisterExtension private final TestDatabase abroad = TestDatabase.withoutTables();
  private final AtomicInteger attempts = new AtomicInteger();

  static Stream<Arguments> places() {
    return Stream.of(Managed.values())
        .flatMap(by -> Stream.of(Arguments.of(by, true), Arguments.of(by, false)));
  }

  @ParameterizedTest
  @MethodSource("places")
  void aRunBooksOnce(Managed by, boolean isHome) throws SQLException {
    HikariDataSource shop = shop(isHome);
    try (var holdfast = Holdfast.connect(home.pool(), OPTIONS)) {
      assertThat(visit(holdfast, by, shop, BookingShop::book).run(DEADLINE)).isEqualTo(1);
    }
    assertThat(attempts).hasValue(1);
    assertBookedOnce(shop);
  }

  @ParameterizedTest
  @MethodSource("places")
  void aConnectionCutInTheMiddleOfACommitCostsARepeat(Managed by, boolean isHome)
      throws SQLException {
    HikariDataSource shop = shop(isHome);
    slowCommits(shop);
    try (var holdfast = Holdfast.connect(home.pool(), OPTIONS);
        Connection gate = shop.getConnection()) {
      BookingShop.execute(gate, "SELECT pg_advisory_lock(%d)".formatted(LOCK));
      Handle<Long> handle = visit(holdfast, by, shop, BookingShop::book);
      await()
          .atMost(DEADLINE)
          .untilAsserted(() -> assertThat(BookingShop.waiting(shop)).isEqualTo(1));
      assertThat(BookingShop.cut(shop, "COMMIT")).isGreaterThanOrEqualTo(1);
      BookingShop.execute(gate, "SELECT pg_advisory_unlock(%d)".formatted(LOCK));

      assertThat(handle.run(DEADLINE)).isEqualTo(2);
    }
    assertThat(attempts).hasValue(2);
    assertBookedOnce(shop);
  }

  @ParameterizedTest
  @MethodSource("places")
  void aCommitWhoseAnswerIsLostIsNotMadeAgain(Managed by, boolean isHome) throws SQLException {
    HikariDataSource shop = shop(isHome);
    by.over(shop);
    try (var holdfast = Holdfast.connect(home.pool(), OPTIONS)) {
      DataSource lossy = BookingShop.losingFirstAnswer(shop);
      assertThat(visit(holdfast, by, lossy, BookingShop::book).run(DEADLINE)).isEqualTo(1);
    }
    assertThat(attempts).hasValue(1);
    assertBookedOnce(shop);
  }

  @ParameterizedTest
  @MethodSource("places")
  void whatCannotBeSerializedIsRepeated(Managed by, boolean isHome) throws SQLException {
    shop(isHome);
    HikariDataSource shop = isHome ? home.pool() : abroad.pool();
    shop.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
    var both = new CountDownLatch(2);
    visitTogether(
        by,
        shop,
        (connection, name) -> {
          long visits = visits(connection, "anna");
          meet(both);
          return update(connection, "anna", visits + 1);
        });
    assertThat(attempts).hasValueGreaterThan(2);
    assertThat(UserDatabase.first(shop, "SELECT visits FROM customer WHERE name = 'anna'"))
        .isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("places")
  void aDeadlockIsRepeated(Managed by, boolean isHome) throws SQLException {
    HikariDataSource shop = shop(isHome);
    var both = new CountDownLatch(2);
    visitTogether(
        by,
        shop,
        (connection, name) -> {
          update(connection, name, visits(connection, name) + 1);
          meet(both);
          String other = name.equals("anna") ? "bob" : "anna";
          BookingShop.execute(
              connection,
              "UPDATE customer SET visits = visits + 1 WHERE name = '%s'".formatted(other));
          return 0L;
        });
    assertThat(attempts).hasValue(3);
    assertThat(UserDatabase.first(shop, "SELECT sum(visits) FROM customer")).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource
  void aDuplicateInATableOfTheUsersIsARefusal(Managed by) throws SQLException {
    HikariDataSource shop = shop(true);
    BookingShop.execute(shop, "CREATE UNIQUE INDEX ON booking (item)");
    BookingShop.execute(shop, "INSERT INTO booking (item) VALUES ('kettle')");
    try (var holdfast = Holdfast.connect(home.pool(), OPTIONS)) {
      assertThat(visit(holdfast, by, shop, BookingShop::book).await(DEADLINE))
          .isInstanceOf(Outcome.Failed.class)
          .asString()
          .contains("23505");
    }
    assertThat(attempts).hasValue(1);
    assertThat(UserDatabase.count(shop, "holdfast_effect")).isZero();
  }

  private HikariDataSource shop(boolean isHome) throws SQLException {
    HikariDataSource shop = isHome ? home.pool() : abroad.pool();
    BookingShop.make(shop);
    return shop;
  }

  /** Their commits wait for a lock that a test can hold. */
  private static void slowCommits(DataSource shop) throws SQLException {
    BookingShop.execute(
        shop,
        """
        CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_advisory_xact_lock_shared(%d); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER waiting AFTER INSERT ON booking
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait()
        """
            .formatted(LOCK));
  }

  private Handle<Long> visit(
      Holdfast holdfast, Managed by, DataSource shop, Work<Connection, String, Long> work) {
    Workflow<String, Long> workflow = workflow(by, shop, work);
    holdfast.register(workflow);
    return holdfast.start(workflow, "visit", "kettle");
  }

  private void visitTogether(Managed by, DataSource shop, Work<Connection, String, Long> work) {
    Workflow<String, Long> workflow = workflow(by, shop, work);
    try (var holdfast = Holdfast.connect(home.pool(), OPTIONS)) {
      holdfast.register(workflow);
      List<Handle<Long>> handles =
          Stream.of("anna", "bob").map(name -> holdfast.start(workflow, name, name)).toList();
      handles.forEach(handle -> handle.run(DEADLINE));
    }
  }

  private Workflow<String, Long> workflow(
      Managed by, DataSource shop, Work<Connection, String, Long> work) {
    return workflow(book(by, shop, work));
  }

  private static Workflow<String, Long> workflow(Effect<String, Long> book) {
    return Workflow.of("visit", String.class, Long.class)
        .body((run, item) -> run.effect("book", item, book));
  }

  private Effect<String, Long> book(
      Managed by, DataSource shop, Work<Connection, String, Long> work) {
    return Effect.<Connection, String, Long>transactional(
            Long.class,
            by.over(shop),
            (connection, item) -> {
              attempts.incrementAndGet();
              return work.apply(connection, item);
            })
        .timeout(Duration.ofSeconds(30))
        .retry(
            RetryPolicy.DEFAULT.attempts(10).delays(Duration.ofMillis(20), Duration.ofMillis(200)));
  }

  private static long visits(Connection connection, String name) throws SQLException {
    try (var select = connection.prepareStatement("SELECT visits FROM customer WHERE name = ?")) {
      select.setString(1, name);
      var row = select.executeQuery();
      row.next();
      return row.getLong(1);
    }
  }

  private static long update(Connection connection, String name, long visits) throws SQLException {
    try (var update =
        connection.prepareStatement("UPDATE customer SET visits = ? WHERE name = ?")) {
      update.setLong(1, visits);
      update.setString(2, name);
      return update.executeUpdate();
    }
  }

  /** The first two are in it at the same time; who comes later does not wait. */
  private static void meet(CountDownLatch both) throws InterruptedException {
    both.countDown();
    assertThat(both.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  private static void assertBookedOnce(DataSource shop) throws SQLException {
    assertThat(BookingShop.bookings(shop)).isEqualTo(1);
    assertThat(UserDatabase.count(shop, "holdfast_effect")).isEqualTo(1);
  }
}

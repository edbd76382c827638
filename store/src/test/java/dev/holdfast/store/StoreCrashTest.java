package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.testing.CrashHarness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An engine over each kind of store that crashes at each boundary, with effects in another
 * database.
 */
class StoreCrashTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final AtomicInteger worlds = new AtomicInteger();

  @ParameterizedTest
  @EnumSource
  void aTransactionalEffectHappensOnceWhereverTheProcessCrashes(TestStore.Kind kind) {
    List<CrashHarness.Crash> struck =
        CrashHarness.within(DEADLINE).crashEverywhere(() -> new Shop(kind, fresh(), false));

    assertThat(struck)
        .extracting(CrashHarness.Crash::boundary)
        .contains(
            Boundary.AFTER_CLAIM,
            Boundary.BEFORE_INTENT,
            Boundary.AFTER_INTENT,
            Boundary.BEFORE_CALL,
            Boundary.AFTER_CALL,
            Boundary.BEFORE_OUTCOME,
            Boundary.AFTER_OUTCOME);
  }

  @ParameterizedTest
  @EnumSource
  void soDoSeveralInBranchesAtTheSameTime(TestStore.Kind kind) {
    List<CrashHarness.Crash> struck =
        CrashHarness.within(DEADLINE).crashEverywhere(() -> new Shop(kind, fresh(), true));

    for (String branch : List.of("branch:a", "branch:b")) {
      assertThat(struck)
          .filteredOn(crash -> crash.path().text().contains(branch))
          .extracting(CrashHarness.Crash::boundary)
          .contains(Boundary.AFTER_INTENT, Boundary.AFTER_CALL, Boundary.AFTER_OUTCOME);
    }
  }

  private Path fresh() throws Exception {
    return Files.createDirectory(folder.resolve("world-" + worlds.incrementAndGet()));
  }

  /** A run that books in a database of its own; what it must leave there is counted in the end. */
  private static final class Shop implements CrashHarness.Scenario {
    private final TestStore store;
    private final DataSource source;
    private final Effect<String, Long> book;
    private final Workflow<String, Integer> workflow;

    Shop(TestStore.Kind kind, Path folder, boolean isParallel) throws SQLException {
      this.store = kind.made(folder);
      this.source = UserDatabase.source(folder.resolve("shop.db"), Duration.ofSeconds(10));
      UserDatabase.execute(source, "CREATE TABLE booking (number INTEGER PRIMARY KEY, item TEXT)");
      var transactions = JdbcTransactions.over(source).createTable();
      this.book =
          Effect.<Connection, String, Long>transactional(
              Long.class, transactions, UserDatabase::insert);
      this.workflow =
          Workflow.of("shop", String.class, Integer.class)
              .body((run, customer) -> isParallel ? bookBeside(run) : bookInTurn(run));
    }

    private int bookInTurn(Run run) {
      run.effect("first", "kettle", book);
      run.effect("second", "pan", book);
      return 2;
    }

    private int bookBeside(Run run) {
      List<Run.Branch<Long>> branches =
          List.of(
              new Run.Branch<>("a", branch -> branch.effect("book", "kettle", book)),
              new Run.Branch<>("b", branch -> branch.effect("book", "pan", book)));
      return run.parallel("both", branches).size();
    }

    @Override
    public Engine open(FaultPoints faultPoints) {
      Engine engine = store.engine(faultPoints);
      engine.register(workflow);
      return engine;
    }

    @Override
    public void drive(Engine engine) {
      assertThat(engine.start(workflow, "visit-1", "anna").run(DEADLINE)).isEqualTo(2);
    }

    @Override
    public void close() {
      store.close();
    }

    @Override
    public void check() throws SQLException {
      assertThat(UserDatabase.count(source, "booking")).as("bookings").isEqualTo(2);
      assertThat(UserDatabase.count(source, "holdfast_effect")).as("dedupe rows").isEqualTo(2);
    }
  }
}

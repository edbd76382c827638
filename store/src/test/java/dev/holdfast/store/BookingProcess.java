package dev.holdfast.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Limits;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.testing.ChildJvm;
import dev.holdfast.testing.KillPoint;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;

/** A process that books in a user's database, once. */
final class BookingProcess {
  private static final Duration DEADLINE = Duration.ofSeconds(90);

  /** Short, since the process that follows waits it out. */
  private static final Duration LEASE = Duration.ofSeconds(2);

  private BookingProcess() {}

  /** Takes who manages the transactions, where the user's tables are, and where the store is. */
  public static void main(String[] arguments) {
    ChildJvm.endWithParent();
    Options options =
        Options.standard()
            .durability(Durability.EPHEMERAL)
            .settings(
                Settings.standard()
                    .limits(Limits.DEFAULT.leaseTtl(LEASE))
                    .faultPoints(KillPoint.ofThisProcess(System.out)));
    try (HikariDataSource shop = pool(arguments[1]);
        HikariDataSource pool = pool(arguments[1]);
        Holdfast holdfast =
            arguments[2].equals("same")
                ? Holdfast.connect(pool, options)
                : Holdfast.open(Path.of(arguments[2]), options)) {
      Workflow<String, Long> workflow = workflow(Managed.valueOf(arguments[0]), shop);
      holdfast.register(workflow);
      long number = holdfast.start(workflow, "visit", "kettle").run(DEADLINE);
      System.out.println("booked " + number);
    }
  }

  private static Workflow<String, Long> workflow(Managed by, HikariDataSource shop) {
    Effect<String, Long> book =
        Effect.<Connection, String, Long>transactional(
            Long.class, by.over(shop), BookingShop::book);
    return Workflow.of("visit", String.class, Long.class)
        .body((run, item) -> run.effect("book", item, book));
  }

  private static HikariDataSource pool(String url) {
    var pool = new HikariDataSource();
    pool.setJdbcUrl(url);
    return pool;
  }
}

package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.testing.ChildJvm;
import dev.holdfast.testing.KillPoint;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A process killed by a real SIGKILL once the user's commit was made and nobody knew of it. */
class TransactionKillTest {
  private static final Duration DEADLINE = Duration.ofSeconds(90);

  @TempDir Path folder;
  @RegisterExtension private final TestDatabase database = new TestDatabase();

  @Test
  void plainJdbcBesideTheStore() throws SQLException {
    assertBookedOnce(Managed.BY_JDBC, "same");
  }

  @Test
  void plainJdbcApartFromTheStore() throws SQLException {
    assertBookedOnce(Managed.BY_JDBC, folder.resolve("runs.db").toString());
  }

  @Test
  void springBesideTheStore() throws SQLException {
    assertBookedOnce(Managed.BY_SPRING, "same");
  }

  @Test
  void springApartFromTheStore() throws SQLException {
    assertBookedOnce(Managed.BY_SPRING, folder.resolve("runs.db").toString());
  }

  private void assertBookedOnce(Managed by, String store) throws SQLException {
    HikariDataSource shop = database.pool();
    BookingShop.make(shop);
    var arguments = List.of(by.name(), database.url(), store);
    var point = Optional.of(KillPoint.at(Boundary.AFTER_CALL, "book"));
    try (var child = ChildJvm.start(BookingProcess.class, arguments, point)) {
      assertThat(child.awaitArrival(DEADLINE)).isPresent();
      child.kill();
    }
    assertThat(BookingShop.bookings(shop)).as("bookings that nobody knows of").isEqualTo(1);

    try (var child = ChildJvm.start(BookingProcess.class, arguments)) {
      assertThat(child.awaitLine("booked ", DEADLINE)).isEqualTo("1");
    }
    assertThat(BookingShop.bookings(shop)).isEqualTo(1);
    assertThat(UserDatabase.count(shop, "holdfast_effect")).isEqualTo(1);
  }
}

package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import dev.holdfast.kernel.spi.Transactions.Guarded;
import dev.holdfast.kernel.spi.Transactions.RolledBack;
import dev.holdfast.kernel.spi.Transactions.Work;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

/** An application context whose services say {@code @Transactional}. */
class SpringServiceTest {
  @RegisterExtension private final TestDatabase database = TestDatabase.withoutTables();
  private final AnnotationConfigApplicationContext context =
      new AnnotationConfigApplicationContext();
  private HikariDataSource source;
  private SpringTransactions transactions;
  private Desk desk;

  @BeforeEach
  void startContext() throws SQLException {
    source = database.pool();
    BookingShop.make(source);
    context.registerBean(DataSource.class, () -> source);
    context.register(Configuration.class);
    context.refresh();
    desk = context.getBean(Desk.class);
    transactions =
        SpringTransactions.over(context.getBean(PlatformTransactionManager.class), source)
            .createTable();
  }

  @AfterEach
  void closeContext() {
    context.close();
  }

  @Test
  void aServicesWorkIsInTheTransactionOfItsDedupeRow() throws Exception {
    Work<Connection, String, Long> twice =
        (connection, item) -> {
          desk.book(item);
          long second = desk.book(item);
          assertThat(BookingShop.bookings(source)).as("seen from outside").isZero();
          return second;
        };

    assertThat(once(twice)).isEqualTo(new Guarded.Done<>(2L));
    assertThat(once(twice)).isEqualTo(new Guarded.Repeated<>(new Payload("2")));
    assertThat(BookingShop.bookings(source)).isEqualTo(2);
  }

  @Test
  void aCheckedExceptionThatAServiceWouldCommitWithUndoesAllTheSame() throws Exception {
    assertThatThrownBy(() -> once((connection, item) -> desk.bookAndFail(item)))
        .isInstanceOf(RolledBack.class)
        .hasCauseInstanceOf(IOException.class);
    assertThat(BookingShop.bookings(source)).isZero();
    assertThat(UserDatabase.count(source, "holdfast_effect")).isZero();
  }

  private Guarded<Long> once(Work<Connection, String, Long> work) throws Exception {
    return transactions.once(
        new IdempotencyKey("k3y"),
        "kettle",
        work,
        number -> new Payload(number.toString()),
        Duration.ofSeconds(30));
  }

  /** Bookings as an application makes them. */
  static class Desk {
    private final JdbcClient client;

    Desk(DataSource source) {
      this.client = JdbcClient.create(source);
    }

    @Transactional
    long book(String item) {
      return client
          .sql("INSERT INTO booking (item) VALUES (?) RETURNING number")
          .param(item)
          .query(Long.class)
          .single();
    }

    @Transactional
    long bookAndFail(String item) throws IOException {
      book(item);
      throw new IOException("out of paper");
    }
  }

  @EnableTransactionManagement(proxyTargetClass = true)
  static class Configuration {
    @Bean
    PlatformTransactionManager manager(DataSource source) {
      return new DataSourceTransactionManager(source);
    }

    @Bean
    Desk desk(DataSource source) {
      return new Desk(source);
    }
  }
}

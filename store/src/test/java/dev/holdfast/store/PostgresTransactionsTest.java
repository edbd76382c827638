package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.kernel.spi.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Plain JDBC. */
class PostgresTransactionsTest extends TransactionLaws {
  @Override
  Transactions<Connection> over(DataSource database) {
    return JdbcTransactions.over(database);
  }

  @Test
  void theTableIsKeptWhereThePoolsConnectionsDoNotCommitByThemselves() throws SQLException {
    BookingShop.execute(source, "DROP TABLE holdfast_effect");
    HikariDataSource pool = database.pool();
    pool.setAutoCommit(false);

    JdbcTransactions.over(pool).createTable();

    assertThat(UserDatabase.count(source, "holdfast_effect")).isZero();
  }
}

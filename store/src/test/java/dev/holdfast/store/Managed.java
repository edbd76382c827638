package dev.holdfast.store;

import dev.holdfast.kernel.spi.Transactions;
import java.sql.Connection;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** Who manages a user's transactions. */
enum Managed {
  BY_JDBC {
    @Override
    Transactions<Connection> over(DataSource source) {
      return JdbcTransactions.over(source).createTable();
    }
  },
  BY_SPRING {
    @Override
    Transactions<Connection> over(DataSource source) {
      return SpringTransactions.over(new DataSourceTransactionManager(source), source)
          .createTable();
    }
  };

  abstract Transactions<Connection> over(DataSource source);
}

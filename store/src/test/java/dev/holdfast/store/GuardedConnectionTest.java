package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardedConnectionTest {
  @TempDir Path folder;
  private DataSource source;

  @BeforeEach
  void makeTable() throws SQLException {
    source = UserDatabase.source(folder.resolve("shop.db"), Duration.ofSeconds(5));
    UserDatabase.execute(source, "CREATE TABLE booking (number INTEGER PRIMARY KEY, item TEXT)");
  }

  @Test
  void whatEndsOrLeavesTheTransactionIsRefused() throws SQLException {
    try (Connection connection = source.getConnection()) {
      Connection guarded = GuardedConnection.around(connection);
      List<ThrowingCallable> refused =
          List.of(
              guarded::commit,
              guarded::rollback,
              guarded::close,
              () -> guarded.setAutoCommit(true),
              () -> guarded.abort(Runnable::run),
              () -> guarded.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE),
              () -> guarded.unwrap(Connection.class));

      assertThat(refused)
          .allSatisfy(call ->
              assertThatThrownBy(call)
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("committed when the work returns"));
    }
  }

  @Test
  void noStatementLeadsBackToTheConnectionItself() throws SQLException {
    try (Connection connection = source.getConnection()) {
      Connection guarded = GuardedConnection.around(connection);
      try (Statement statement = guarded.createStatement();
          var prepared = guarded.prepareStatement("SELECT 1")) {
        assertThat(statement.getConnection()).isSameAs(guarded);
        assertThat(prepared.getConnection()).isSameAs(guarded);
        assertThat(guarded.getMetaData().getConnection()).isSameAs(guarded);
      }
    }
  }

  @Test
  void ordinaryWorkGoesThrough() throws SQLException {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      Connection guarded = GuardedConnection.around(connection);
      assertThat(UserDatabase.insert(guarded, "kettle")).isEqualTo(1);
      Savepoint before = guarded.setSavepoint();
      assertThat(UserDatabase.insert(guarded, "pan")).isEqualTo(2);
      guarded.rollback(before);
      connection.commit();
    }
    assertThat(UserDatabase.count(source, "booking")).isEqualTo(1);
  }

  @Test
  void theDatabasesOwnErrorsComeOutAsTheyAre() throws SQLException {
    try (Connection connection = source.getConnection()) {
      Connection guarded = GuardedConnection.around(connection);
      assertThatThrownBy(() -> guarded.prepareStatement("SELECT nonsense"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("nonsense");
    }
  }
}

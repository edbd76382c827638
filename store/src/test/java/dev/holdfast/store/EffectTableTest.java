package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EffectTableTest {
  @TempDir Path folder;
  private DataSource source;

  @BeforeEach
  void openDatabase() {
    source = UserDatabase.source(folder.resolve("shop.db"), Duration.ofSeconds(5));
  }

  @Test
  void theTableIsMadeOnceAndKept() throws SQLException {
    JdbcTransactions.over(source).createTable();
    UserDatabase.execute(source, "INSERT INTO holdfast_effect (effect_key) VALUES ('k3y')");

    JdbcTransactions.over(source).createTable();

    assertThat(UserDatabase.count(source, "holdfast_effect")).isEqualTo(1);
  }

  @Test
  void aTableThatCannotBeMadeIsReportedWithTheRemedy() {
    var failing =
        UserDatabase.failing(source, "createStatement", new SQLException("denied", "42501"));

    assertThatThrownBy(() -> JdbcTransactions.over(failing).createTable())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("effect.sql")
        .hasRootCauseMessage("denied");
  }

  @ParameterizedTest
  @CsvSource({
    "SQLite,TEXT",
    "PostgreSQL,TEXT",
    "MySQL,LONGTEXT",
    "MariaDB,LONGTEXT",
    "Microsoft SQL Server,NVARCHAR(MAX)",
    "H2,CLOB",
    "Oracle,CLOB"
  })
  void everyDatabaseGetsItsOwnTypeForALongText(String product, String type) {
    assertThat(EffectTable.statement(product))
        .contains("result " + type)
        .contains("effect_key VARCHAR(64) NOT NULL PRIMARY KEY");
  }

  @Test
  void aDuplicateIsKnownByEveryDatabasesWords() {
    assertThat(EffectTable.isDuplicate(new SQLException("duplicate key", "23505"))).isTrue();
    assertThat(EffectTable.isDuplicate(new SQLIntegrityConstraintViolationException())).isTrue();
    assertThat(EffectTable.isDuplicate(new SQLException("timeout", "57014"))).isFalse();
    assertThat(EffectTable.isDuplicate(new SQLException("no state"))).isFalse();
    assertThatThrownBy(
            () -> {
              UserDatabase.execute(source, "CREATE TABLE a (b TEXT PRIMARY KEY)");
              UserDatabase.execute(source, "INSERT INTO a VALUES (1), (1)");
            })
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(EffectTable.isDuplicate(e)).isTrue());
  }

  @Test
  void aRefusedCommitIsToldFromOneWhoseEndIsUnknown() {
    assertThat(EffectTable.isRolledBack(new SQLException("conflict", "40001"))).isTrue();
    assertThat(EffectTable.isRolledBack(new SQLException("deadlock", "40P01"))).isTrue();
    assertThat(EffectTable.isRolledBack(new SQLException("duplicate key", "23505"))).isTrue();
    assertThat(EffectTable.isRolledBack(new SQLException("unknown", "40003"))).isFalse();
    assertThat(EffectTable.isRolledBack(new SQLException("reset", "08006"))).isFalse();
    assertThat(EffectTable.isRolledBack(new SQLException("no state"))).isFalse();
  }
}

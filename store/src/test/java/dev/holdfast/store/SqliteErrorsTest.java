package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class SqliteErrorsTest {
  private static final StoreFile FILE = new StoreFile(Path.of("runs.db"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SQLITE_NOTADB|Name another file",
        "SQLITE_CORRUPT|Restore a backup",
        "SQLITE_BUSY|End that process",
        "SQLITE_FULL|Free some space",
        "SQLITE_READONLY|Check the permissions",
        "SQLITE_CANTOPEN|Check the permissions",
        "SQLITE_IOERR|check the file and its disk"
      })
  void everyErrorSaysWhatHelps(SQLiteErrorCode code, String remedy) {
    var failure = new SQLiteException("what SQLite says", code);

    assertThat(SqliteErrors.notOpened(FILE, failure))
        .hasMessageStartingWith("Cannot open the store runs.db: ")
        .hasMessageContaining(remedy)
        .hasMessageContaining("what SQLite says")
        .hasCause(failure);
    assertThat(SqliteErrors.failed(FILE, failure))
        .hasMessageContaining("did not answer")
        .hasMessageContaining(remedy);
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "SQLITE_CONSTRAINT",
        "SQLITE_CONSTRAINT_UNIQUE",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
        "SQLITE_TOOBIG",
        "SQLITE_MISMATCH",
        "SQLITE_RANGE"
      })
  void aStatementsOwnFaultIsOneRequests(SQLiteErrorCode code) {
    assertThat(SqliteErrors.isAboutOneStatement(new SQLiteException("no", code))).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "SQLITE_IOERR",
        "SQLITE_IOERR_FSYNC",
        "SQLITE_FULL",
        "SQLITE_CORRUPT",
        "SQLITE_BUSY",
        "SQLITE_NOMEM",
        "SQLITE_READONLY",
        "SQLITE_ERROR"
      })
  void anythingElseIsTheStores(SQLiteErrorCode code) {
    assertThat(SqliteErrors.isAboutOneStatement(new SQLiteException("no", code))).isFalse();
  }

  @Test
  void anotherDatabasesErrorIsNoConstraintOfSqlite() {
    assertThat(SqliteErrors.isConstraint(new SQLException("no", "23505", 19))).isFalse();
    assertThat(
            SqliteErrors.isConstraint(
                new SQLiteException("no", SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE)))
        .isTrue();
  }

  @Test
  void anErrorThatIsNotSqlitesIsNamedByItsType() {
    assertThat(SqliteErrors.describe(new IllegalArgumentException("odd")))
        .isEqualTo("IllegalArgumentException: odd");
    assertThat(SqliteErrors.refused(FILE, new IllegalArgumentException("odd")))
        .hasMessageContaining("could not write a request (IllegalArgumentException: odd)");
  }
}

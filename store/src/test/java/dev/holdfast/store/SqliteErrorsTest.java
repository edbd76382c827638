package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.StoreFailed;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
  @CsvSource({
    "SQLITE_CONSTRAINT_UNIQUE,REQUEST",
    "SQLITE_CONSTRAINT_PRIMARYKEY,REQUEST",
    "SQLITE_TOOBIG,REQUEST",
    "SQLITE_MISMATCH,REQUEST",
    "SQLITE_RANGE,REQUEST",
    "SQLITE_FULL,LATER",
    "SQLITE_BUSY,LATER",
    "SQLITE_BUSY_SNAPSHOT,LATER",
    "SQLITE_LOCKED,LATER",
    "SQLITE_CORRUPT,DAMAGED",
    "SQLITE_CORRUPT_INDEX,DAMAGED",
    "SQLITE_NOTADB,DAMAGED",
    "SQLITE_IOERR,BROKEN",
    "SQLITE_IOERR_FSYNC,BROKEN",
    "SQLITE_IOERR_WRITE,BROKEN",
    "SQLITE_NOMEM,BROKEN",
    "SQLITE_READONLY,BROKEN",
    "SQLITE_ERROR,BROKEN"
  })
  void everyErrorHasOneMeaning(SQLiteErrorCode code, SqliteErrors.Meaning meaning) {
    assertThat(SqliteErrors.meaning(new SQLiteException("no", code))).isEqualTo(meaning);
  }

  @Test
  void whatMayPassIsToldFromWhatStays() {
    assertThat(SqliteErrors.failed(FILE, new SQLiteException("x", SQLiteErrorCode.SQLITE_FULL)))
        .isInstanceOf(StoreFailed.Unavailable.class);
    assertThat(SqliteErrors.failed(FILE, new SQLiteException("x", SQLiteErrorCode.SQLITE_CORRUPT)))
        .isInstanceOf(StoreFailed.Damaged.class);
    assertThat(SqliteErrors.failed(FILE, new SQLiteException("x", SQLiteErrorCode.SQLITE_IOERR)))
        .isExactlyInstanceOf(StoreFailed.class);
    assertThat(SqliteErrors.meaning(new SQLException("of another database", "53100", 13)))
        .isEqualTo(SqliteErrors.Meaning.BROKEN);
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

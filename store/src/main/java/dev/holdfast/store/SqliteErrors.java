package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite's errors mean for a store. */
final class SqliteErrors {
  private static final int PRIMARY_CODE = 0xff;

  private SqliteErrors() {}

  /** Whether the statement was at fault, and not the file, the disk or the connection. */
  static boolean isAboutOneStatement(SQLException failure) {
    int code = failure.getErrorCode() & PRIMARY_CODE;
    return code == SQLiteErrorCode.SQLITE_CONSTRAINT.code
        || code == SQLiteErrorCode.SQLITE_TOOBIG.code
        || code == SQLiteErrorCode.SQLITE_MISMATCH.code
        || code == SQLiteErrorCode.SQLITE_RANGE.code;
  }

  /** Whether a row breaks a rule of its table; false for other databases' errors. */
  static boolean isConstraint(SQLException failure) {
    return failure instanceof SQLiteException sqlite
        && (sqlite.getErrorCode() & PRIMARY_CODE) == SQLiteErrorCode.SQLITE_CONSTRAINT.code;
  }

  /** The error's name and SQLite's own words for it. */
  static String describe(Throwable failure) {
    return failure instanceof SQLiteException sqlite
        ? String.valueOf(sqlite.getMessage())
        : failure.getClass().getSimpleName() + ": " + failure.getMessage();
  }

  /** Why a store cannot be opened, with the remedy. */
  static StoreFailed notOpened(StoreFile file, SQLException failure) {
    return new StoreFailed(
        "Cannot open the store %s: %s (%s).".formatted(file, remedy(failure), describe(failure)),
        failure);
  }

  /** Why a read or a short write failed. */
  static StoreFailed failed(StoreFile file, SQLException failure) {
    return new StoreFailed(
        "The store %s did not answer: %s (%s).".formatted(file, remedy(failure), describe(failure)),
        failure);
  }

  /** Why one request was not written while others were. */
  static StoreFailed refused(StoreFile file, Exception failure) {
    return new StoreFailed(
        "The store %s could not write a request (%s); nothing of it is kept. Report this error."
            .formatted(file, describe(failure)),
        failure);
  }

  private static String remedy(SQLException failure) {
    return switch (SQLiteErrorCode.getErrorCode(failure.getErrorCode() & PRIMARY_CODE)) {
      case SQLITE_NOTADB -> "it is no SQLite database. Name another file";
      case SQLITE_CORRUPT -> "it is damaged. Restore a backup";
      case SQLITE_BUSY, SQLITE_LOCKED ->
          "another process kept it locked for 30 s. End that process";
      case SQLITE_FULL -> "the disk is full. Free some space";
      case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM ->
          "this user may not read and write it. Check the permissions of file and folder";
      default -> "check the file and its disk";
    };
  }
}

package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite's errors mean for a store. */
final class SqliteErrors {
  private static final int PRIMARY_CODE = 0xff;

  /** What helps. */
  enum Meaning {
    /** The disk is full, or another process keeps the file locked: try again later. */
    LATER,
    /** One statement was at fault, and not the file, the disk or the connection. */
    REQUEST,
    /** The file is damaged where it was read or written. */
    DAMAGED,
    /** Nothing that this process can repair. */
    BROKEN
  }

  private SqliteErrors() {}

  static Meaning meaning(SQLException failure) {
    if (!(failure instanceof SQLiteException)) {
      return Meaning.BROKEN;
    }
    return switch (code(failure)) {
      case SQLITE_FULL, SQLITE_BUSY, SQLITE_LOCKED -> Meaning.LATER;
      case SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH, SQLITE_RANGE -> Meaning.REQUEST;
      case SQLITE_CORRUPT, SQLITE_NOTADB -> Meaning.DAMAGED;
      default -> Meaning.BROKEN;
    };
  }

  private static SQLiteErrorCode code(SQLException failure) {
    return SQLiteErrorCode.getErrorCode(failure.getErrorCode() & PRIMARY_CODE);
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
    String facts =
        "The store %s did not answer: %s (%s).".formatted(file, remedy(failure), describe(failure));
    return switch (meaning(failure)) {
      case LATER -> new StoreFailed.Unavailable(facts, failure);
      case DAMAGED -> new StoreFailed.Damaged(facts, failure);
      case REQUEST, BROKEN -> new StoreFailed(facts, failure);
    };
  }

  /** Why nothing is written for now. */
  static String paused(StoreFile file, SQLException failure) {
    return "The store %s writes nothing for now: %s (%s); its runs wait and go on by themselves."
        .formatted(file, remedy(failure), describe(failure));
  }

  /** Why one request was not written while others were. */
  static StoreFailed refused(StoreFile file, Exception failure) {
    if (failure instanceof SQLException sql && meaning(sql) == Meaning.DAMAGED) {
      return failed(file, sql);
    }
    return new StoreFailed(
        "The store %s could not write a request (%s); nothing of it is kept. Report this error."
            .formatted(file, describe(failure)),
        failure);
  }

  private static String remedy(SQLException failure) {
    return switch (code(failure)) {
      case SQLITE_NOTADB -> "it is no SQLite database. Name another file";
      case SQLITE_CORRUPT ->
          "it is damaged. Restore a backup; `holdfast doctor --check` tells what is affected";
      case SQLITE_BUSY, SQLITE_LOCKED ->
          "another process kept it locked for 30 s. End that process";
      case SQLITE_FULL -> "the disk is full. Free some space";
      case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM ->
          "this user may not read and write it. Check the permissions of file and folder";
      default -> "check the file and its disk";
    };
  }
}

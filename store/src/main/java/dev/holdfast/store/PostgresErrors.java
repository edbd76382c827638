package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/**
 * What PostgreSQL's errors mean for a store.
 *
 * <p>Source of the codes: PostgreSQL's manual, appendix A.
 */
final class PostgresErrors {
  /** What helps. */
  enum Meaning {
    /** The connection, or the server behind it, is gone or not ready: ask again on another. */
    AWAY,
    /** The server's disk is full; this transaction left nothing. */
    FULL,
    /** Another transaction was in the way; this one left nothing. */
    REPEAT,
    /** One request was at fault, and not the store. */
    REQUEST,
    /** Nothing that this process can repair. */
    BROKEN
  }

  private static final int CLASS_LENGTH = 2;

  /** Connection; insufficient resources; operator intervention; system error. */
  private static final Set<String> AWAY_CLASSES = Set.of("08", "53", "57", "58");

  /** Idle too long in a transaction; a standby, or a server on its way to be one; lock timeout. */
  private static final Set<String> AWAY_CODES = Set.of("25P03", "25006", "55P03");

  private static final String DISK_FULL = "53100";
  private static final Set<String> REPEAT_CODES = Set.of("40001", "40P01");

  /** Data; integrity; too large. */
  private static final Set<String> REQUEST_CLASSES = Set.of("22", "23", "54");

  private PostgresErrors() {}

  static Meaning meaning(SQLException failure) {
    String state = failure.getSQLState() == null ? "" : failure.getSQLState();
    String kind = state.length() < CLASS_LENGTH ? "" : state.substring(0, CLASS_LENGTH);
    if (state.equals(DISK_FULL)) {
      return Meaning.FULL;
    }
    if (AWAY_CLASSES.contains(kind) || AWAY_CODES.contains(state) || isOfPool(failure)) {
      return Meaning.AWAY;
    }
    if (REPEAT_CODES.contains(state)) {
      return Meaning.REPEAT;
    }
    return REQUEST_CLASSES.contains(kind) ? Meaning.REQUEST : Meaning.BROKEN;
  }

  /** A pool says in JDBC's own types that it has no connection to give. */
  private static boolean isOfPool(SQLException failure) {
    return failure instanceof SQLTransientConnectionException
        || failure instanceof SQLNonTransientConnectionException
        || failure instanceof SQLRecoverableException
        || failure.getCause() instanceof InterruptedException;
  }

  /** Why a read or a short write failed, with the remedy. */
  static StoreFailed failed(String location, SQLException failure) {
    return switch (meaning(failure)) {
      case AWAY ->
          new StoreFailed.Unavailable(
              "The store %s is out of reach (%s). Check server and network; it is asked again."
                  .formatted(location, describe(failure)),
              failure);
      case FULL -> new StoreFailed.Unavailable(full(location, failure), failure);
      case REPEAT, REQUEST, BROKEN ->
          new StoreFailed(
              "The store %s did not answer (%s). Check the rights of the user and the tables."
                  .formatted(location, describe(failure)),
              failure);
    };
  }

  /** Why nothing is written for now. */
  static String full(String location, Exception failure) {
    return ("The store %s writes nothing for now: the server's disk is full. Free some space on it"
            + " (%s); its runs wait and go on by themselves.")
        .formatted(location, describe(failure));
  }

  /** Why one request was not written while others were. */
  static StoreFailed refused(String location, Exception failure) {
    return new StoreFailed(
        "The store %s could not write a request (%s); nothing of it is kept. Report this error."
            .formatted(location, describe(failure)),
        failure);
  }

  /** The error's code and the first line of the server's words: what follows may hold values. */
  static String describe(Throwable failure) {
    String message = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    return failure instanceof SQLException sql && sql.getSQLState() != null
        ? "%s: %s".formatted(sql.getSQLState(), message)
        : "%s: %s".formatted(failure.getClass().getSimpleName(), message);
  }
}

package dev.holdfast.kernel;

import dev.holdfast.journal.Failure;
import dev.holdfast.kernel.spi.Classifier;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Classifies the exceptions of the JDK's HTTP client and of JDBC drivers.
 *
 * <p>SQL states follow ISO/IEC 9075: class 08 connection, 22 data, 23 integrity, 28 authorisation,
 * 40 rollback, 42 syntax or access.
 */
final class KnownCauses implements Classifier {
  @Override
  public Optional<Failure> classify(Throwable thrown) {
    return switch (thrown) {
      case KnownFailure known -> Optional.of(known.failure());
      case ConnectException e -> Optional.of(new Failure.NotSent("connect", Redaction.of(e)));
      case UnknownHostException e -> Optional.of(new Failure.NotSent("host", Redaction.of(e)));
      case HttpConnectTimeoutException e ->
          Optional.of(new Failure.NotSent("connect-timeout", Redaction.of(e)));
      case HttpTimeoutException e -> Optional.of(new Failure.Unknown("timeout", Redaction.of(e)));
      case SQLException e -> ofSqlState(e);
      default -> Optional.empty();
    };
  }

  private static Optional<Failure> ofSqlState(SQLException thrown) {
    String state = thrown.getSQLState();
    if (state == null || state.length() < 2) {
      return Optional.empty();
    }
    String message = Redaction.of(thrown);
    return switch (state.substring(0, 2)) {
      case "08" ->
          state.equals("08001") || state.equals("08004")
              ? Optional.of(new Failure.NotSent(state, message))
              : Optional.of(new Failure.Unknown(state, message));
      case "22", "23", "28", "42" -> Optional.of(new Failure.Rejected(state, message));
      case "40" -> Optional.of(ofRollback(state, message));
      default -> Optional.empty();
    };
  }

  /** 40003 says that the statement's completion is unknown. */
  private static Failure ofRollback(String state, String message) {
    return state.equals("40003")
        ? new Failure.Unknown(state, message)
        : new Failure.Transient(state, message, Optional.empty());
  }
}

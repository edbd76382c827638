package dev.holdfast.agents;

import dev.holdfast.journal.Failure;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.spi.Classifier;
import dev.holdfast.kernel.spi.Transactions;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Classifies what a tool throws, and leaves its text out: it may hold hosts and passwords.
 *
 * <p>SQL states follow ISO/IEC 9075: class 22 data, 23 integrity, 28 authorisation, 40 rollback, 42
 * syntax or access.
 */
final class ToolFailures implements Classifier {
  private static final String REDACTED = "The exception's text is left out.";

  private final List<Class<? extends Exception>> rejectedOn;
  private final Classifier user;

  ToolFailures(List<Class<? extends Exception>> rejectedOn, Classifier user) {
    this.rejectedOn = List.copyOf(rejectedOn);
    this.user = user;
  }

  @Override
  public Optional<Failure> classify(Throwable thrown) {
    return Optional.of(of(thrown));
  }

  Failure of(Throwable thrown) {
    for (Throwable cause : Causes.of(thrown)) {
      Optional<Failure> known = known(cause);
      if (known.isPresent()) {
        return known.get();
      }
    }
    return unknown(thrown);
  }

  private Failure unknown(Throwable thrown) {
    Throwable told = Causes.of(thrown).getLast();
    String code = told.getClass().getSimpleName();
    boolean nothingHappened =
        Causes.of(thrown).stream().anyMatch(Transactions.RolledBack.class::isInstance);
    return nothingHappened
        ? new Failure.NotSent(code, "The transaction was rolled back. " + REDACTED)
        : new Failure.Unknown(code, REDACTED);
  }

  private Optional<Failure> known(Throwable cause) {
    String code = cause.getClass().getSimpleName();
    if (cause instanceof KnownFailure known) {
      return Optional.of(known.failure());
    }
    if (rejectedOn.stream().anyMatch(type -> type.isInstance(cause))) {
      return Optional.of(new Failure.Rejected(code, REDACTED));
    }
    Optional<Failure> told =
        user.classify(cause).map(failure -> Causes.redacted(failure, REDACTED));
    if (told.isPresent()) {
      return told;
    }
    return switch (cause) {
      case ConnectException e -> Optional.of(new Failure.NotSent(code, REDACTED));
      case UnknownHostException e -> Optional.of(new Failure.NotSent(code, REDACTED));
      case NoRouteToHostException e -> Optional.of(new Failure.NotSent(code, REDACTED));
      case HttpConnectTimeoutException e -> Optional.of(new Failure.NotSent(code, REDACTED));
      case SQLException e -> ofSqlState(e.getSQLState());
      default -> Optional.empty();
    };
  }

  private static Optional<Failure> ofSqlState(@Nullable String state) {
    if (state == null || state.length() < 2 || state.equals("40003")) {
      return Optional.empty();
    }
    return switch (state.substring(0, 2)) {
      case "22", "23", "28", "42" -> Optional.of(new Failure.Rejected(state, REDACTED));
      case "40" -> Optional.of(new Failure.Transient(state, REDACTED, Optional.empty()));
      default -> Optional.empty();
    };
  }
}

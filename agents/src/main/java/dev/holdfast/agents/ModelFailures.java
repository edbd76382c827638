package dev.holdfast.agents;

import dev.holdfast.journal.Failure;
import dev.holdfast.kernel.Classifier;
import dev.holdfast.kernel.KnownFailure;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Optional;

/** Classifies what a model's client throws; its text is left out, since servers echo keys in it. */
final class ModelFailures implements Classifier {
  private static final String REDACTED = "The exception's text is left out.";

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
    return new Failure.Unknown(Causes.of(thrown).getLast().getClass().getSimpleName(), REDACTED);
  }

  private static Optional<Failure> known(Throwable cause) {
    String code = cause.getClass().getSimpleName();
    return switch (cause) {
      case KnownFailure e -> Optional.of(e.failure());
      case RateLimitException e ->
          Optional.of(new Failure.Transient(code, REDACTED, Optional.empty()));
      case UnresolvedModelServerException e -> Optional.of(new Failure.NotSent(code, REDACTED));
      case NonRetriableException e -> Optional.of(new Failure.Rejected(code, REDACTED));
      case UnsupportedFeatureException e -> Optional.of(new Failure.Rejected(code, REDACTED));
      case TimeoutException e -> Optional.of(new Failure.Unknown(code, REDACTED));
      case InternalServerException e -> Optional.of(new Failure.Unknown(code, REDACTED));
      case RetriableException e -> Optional.of(new Failure.Unknown(code, REDACTED));
      case ConnectException e -> Optional.of(new Failure.NotSent(code, REDACTED));
      case UnknownHostException e -> Optional.of(new Failure.NotSent(code, REDACTED));
      case HttpException e -> Optional.of(ofStatus(e.statusCode()));
      default -> Optional.empty();
    };
  }

  private static Failure ofStatus(int status) {
    String code = "http-" + status;
    if (status == 429) {
      return new Failure.Transient(code, REDACTED, Optional.empty());
    }
    return status >= 400 && status < 500
        ? new Failure.Rejected(code, REDACTED)
        : new Failure.Unknown(code, REDACTED);
  }
}

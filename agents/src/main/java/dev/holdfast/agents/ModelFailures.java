package dev.holdfast.agents;

import dev.holdfast.journal.Failure;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.spi.Classifier;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Classifies what a model's client throws; its text is left out, since servers echo keys in it.
 *
 * <p>The cause that knows most decides: our own finding, then a connection that never stood, then
 * the server's status, then the client's own classes.
 */
final class ModelFailures implements Classifier {
  /** The provider could not read what the model wrote; asking again is all there is to do. */
  static final String MODEL_ERROR = "model-error";

  private static final String REDACTED = "The exception's text is left out.";
  private static final int OVERLOADED = 529;
  private static final List<Function<Throwable, Optional<Failure>>> RULES =
      List.of(ModelFailures::known, ModelFailures::refusal, ModelFailures::byClass);

  @Override
  public Optional<Failure> classify(Throwable thrown) {
    return Optional.of(of(thrown));
  }

  Failure of(Throwable thrown) {
    List<Throwable> causes = Causes.of(thrown);
    return RULES.stream()
        .flatMap(rule -> causes.stream().map(rule).flatMap(Optional::stream))
        .findFirst()
        .orElseGet(
            () -> new Failure.Unknown(causes.getLast().getClass().getSimpleName(), REDACTED));
  }

  /** Whether the failure is the model's own: it wrote what the provider could not read. */
  static boolean isModelError(Failure failure) {
    return failure.code().equals(MODEL_ERROR);
  }

  private static Optional<Failure> known(Throwable cause) {
    String code = cause.getClass().getSimpleName();
    return switch (cause) {
      case KnownFailure e -> Optional.of(e.failure());
      case UnresolvedModelServerException e -> Optional.of(new Failure.NotSent(code, REDACTED));
      case UnresolvedAddressException e -> Optional.of(new Failure.NotSent(code, REDACTED));
      case ConnectException e -> Optional.of(new Failure.NotSent(code, REDACTED));
      case UnknownHostException e -> Optional.of(new Failure.NotSent(code, REDACTED));
      case NoRouteToHostException e -> Optional.of(new Failure.NotSent(code, REDACTED));
      case HttpConnectTimeoutException e -> Optional.of(new Failure.NotSent(code, REDACTED));
      default -> Optional.empty();
    };
  }

  private static Optional<Failure> refusal(Throwable cause) {
    return switch (cause) {
      case ServerRefusal e -> Optional.of(ofStatus(e.statusCode(), e.body(), e.retryAfter()));
      case HttpException e ->
          Optional.of(ofStatus(e.statusCode(), ErrorBody.read(e.getMessage()), Optional.empty()));
      default -> Optional.empty();
    };
  }

  private static Optional<Failure> byClass(Throwable cause) {
    String code = cause.getClass().getSimpleName();
    return switch (cause) {
      case RateLimitException e ->
          Optional.of(new Failure.Transient(code, REDACTED, Optional.empty()));
      case NonRetriableException e -> Optional.of(new Failure.Rejected(code, REDACTED));
      case UnsupportedFeatureException e -> Optional.of(new Failure.Rejected(code, REDACTED));
      case RetriableException e -> Optional.of(new Failure.Unknown(code, REDACTED));
      default -> Optional.empty();
    };
  }

  private static Failure ofStatus(int status, ErrorBody body, Optional<Duration> retryAfter) {
    String code = "http-" + status;
    String message = "The server said: %s. %s".formatted(body.code(), REDACTED);
    String told = body.code().isEmpty() ? REDACTED : message;
    if (body.isModelError()) {
      return new Failure.Transient(MODEL_ERROR, told, Optional.empty());
    }
    return switch (status) {
      // 425 and 529 are no part of HTTP's core: too early (RFC 8470), overloaded (Anthropic).
      case 408, 409, 425, 429, OVERLOADED -> new Failure.Transient(code, told, retryAfter);
      default -> {
        if (status < 500) {
          yield new Failure.Rejected(code, told);
        }
        yield retryAfter.isPresent()
            ? new Failure.Transient(code, told, retryAfter)
            : new Failure.Unknown(code, told);
      }
    };
  }
}

package dev.holdfast.agents;

import dev.langchain4j.exception.HttpException;
import java.time.Duration;
import java.util.Optional;

/** A model server's refusal, without the text of its body. */
final class ServerRefusal extends HttpException {
  private static final long serialVersionUID = 1L;
  private static final int SERVER_ERROR = 500;

  private final transient ErrorBody body;
  private final transient Optional<Duration> retryAfter;

  ServerRefusal(int status, ErrorBody body, Optional<Duration> retryAfter) {
    super(status, "The model's server answered %d %s".formatted(status, body.code()).strip());
    this.body = body;
    this.retryAfter = retryAfter;
  }

  /** An error that came within a reply whose status was 200. */
  static ServerRefusal within(ErrorBody body) {
    return new ServerRefusal(body.status().orElse(SERVER_ERROR), body, Optional.empty());
  }

  ErrorBody body() {
    return body;
  }

  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}

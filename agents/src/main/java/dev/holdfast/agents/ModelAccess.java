package dev.holdfast.agents;

import java.time.Duration;
import java.util.Optional;

/** How a model is reached; the key is never printed. */
record ModelAccess(
    String model,
    String baseUrl,
    Optional<String> key,
    Duration timeout,
    Optional<Integer> replyTokensMax) {
  private static final String NO_KEY = "none";

  /** A key for clients that insist on one, at servers that do not. */
  String keyOrNone() {
    return key.orElse(NO_KEY);
  }

  ModelHttpBuilder http() {
    return new ModelHttpBuilder(timeout);
  }

  @Override
  public String toString() {
    return "%s at %s".formatted(model, baseUrl);
  }
}

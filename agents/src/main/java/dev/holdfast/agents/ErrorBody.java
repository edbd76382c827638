package dev.holdfast.agents;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A provider's account of an error, without its text: that may hold keys and prompts.
 *
 * @param code the provider's word for it, empty where it has none
 * @param status the HTTP status that it names or that its code stands for, where known
 * @param isModelError whether the model wrote what the provider could not read, such as a tool call
 */
record ErrorBody(String code, Optional<Integer> status, boolean isModelError) {
  private static final Set<String> MODEL_ERRORS =
      Set.of("tool_use_failed", "json_validate_failed", "output_parse_failed");
  private static final Map<String, Integer> STATUSES =
      Map.ofEntries(
          Map.entry("invalid_request_error", 400),
          Map.entry("authentication_error", 401),
          Map.entry("billing_error", 402),
          Map.entry("permission_error", 403),
          Map.entry("not_found_error", 404),
          Map.entry("request_too_large", 413),
          Map.entry("rate_limit_error", 429),
          Map.entry("rate_limit_exceeded", 429),
          Map.entry("insufficient_quota", 429),
          Map.entry("api_error", 500),
          Map.entry("server_error", 500),
          Map.entry("timeout_error", 504),
          Map.entry("overloaded_error", 529));

  private static final ErrorBody SILENT = new ErrorBody("", Optional.empty(), false);

  /** Reads the body of a refusal, or what a client made an exception's text of. */
  static ErrorBody read(@Nullable String text) {
    return text == null ? SILENT : ReplyData.of(text).error().orElse(SILENT);
  }

  /** The error in a JSON object, where it tells of one. */
  static Optional<ErrorBody> in(Map<?, ?> data) {
    if (data.get("error") instanceof Map<?, ?> error) {
      return Optional.of(of(error));
    }
    if (data.get("error") instanceof String text) {
      return Optional.of(of(Map.of("code", text)));
    }
    if (data.get("response") instanceof Map<?, ?> response
        && response.get("error") instanceof Map<?, ?> error) {
      return Optional.of(of(error));
    }
    return "error".equals(data.get("type")) ? Optional.of(of(data)) : Optional.empty();
  }

  private static ErrorBody of(Map<?, ?> error) {
    String code = word(error.get("code"));
    String type = word(error.get("type"));
    Optional<Integer> status =
        status(error.get("status_code"))
            .or(() -> status(error.get("code")))
            .or(() -> Optional.ofNullable(STATUSES.get(code)))
            .or(() -> Optional.ofNullable(STATUSES.get(type)));
    boolean isModelError = MODEL_ERRORS.contains(code) || error.get("failed_generation") != null;
    return new ErrorBody(code.isEmpty() ? type : code, status, isModelError);
  }

  private static Optional<Integer> status(@Nullable Object value) {
    return value instanceof Integer number && number >= 400 && number < 600
        ? Optional.of(number)
        : Optional.empty();
  }

  private static String word(@Nullable Object value) {
    String text = String.valueOf(value);
    return value instanceof String && text.matches("[A-Za-z0-9_.-]{1,60}") ? text : "";
  }
}

package dev.holdfast.agents;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Models of OpenAI and of every server that speaks its protocol; immutable.
 *
 * <p>Needs {@code dev.langchain4j:langchain4j-open-ai}. The key comes from the environment variable
 * {@value #KEY_VARIABLE} and is never printed; the client does not retry, since the run does.
 */
public final class OpenAi {
  /** The environment variable that holds the key. */
  public static final String KEY_VARIABLE = "OPENAI_API_KEY";

  private static final String OFFICIAL = "https://api.openai.com/v1";

  private final String model;
  private final String baseUrl;
  private final Duration timeout;

  private OpenAi(String model, String baseUrl, Duration timeout) {
    this.model = model;
    this.baseUrl = baseUrl;
    this.timeout = timeout;
  }

  /** A model by its name, at OpenAI's own address, with a timeout of 60 s. */
  public static OpenAi named(String model) {
    if (model.isBlank()) {
      throw new IllegalArgumentException("The model has no name. Give one, such as gpt-4o-mini.");
    }
    return new OpenAi(model, OFFICIAL, Duration.ofSeconds(60));
  }

  /** The same at another server, such as {@code http://localhost:11434/v1}. */
  public OpenAi baseUrl(String changed) {
    if (!changed.matches("(?i)https?://.+") || URI.create(changed).getUserInfo() != null) {
      throw new IllegalArgumentException(
          "The base URL must begin with http:// or https:// and hold no user or password.");
    }
    return new OpenAi(model, changed, timeout);
  }

  /** The same with that long for one reply; must be positive. */
  public OpenAi timeout(Duration changed) {
    return new OpenAi(model, baseUrl, changed);
  }

  /**
   * The model. A server other than OpenAI's may do without a key.
   *
   * @throws IllegalStateException where the key is needed and missing
   */
  public ChatModel build() {
    return build(System.getenv());
  }

  ChatModel build(Map<String, String> environment) {
    var builder =
        OpenAiChatModel.builder()
            .modelName(model)
            .baseUrl(baseUrl)
            .timeout(timeout)
            .maxRetries(0)
            .logRequests(false)
            .logResponses(false);
    key(environment).ifPresent(builder::apiKey);
    return builder.build();
  }

  private Optional<String> key(Map<String, String> environment) {
    Optional<String> key =
        Optional.ofNullable(environment.get(KEY_VARIABLE)).filter(text -> !text.isBlank());
    if (key.isEmpty() && baseUrl.equals(OFFICIAL)) {
      throw new IllegalStateException(
          "%s is not set. Put your key there, or name another server with a base URL."
              .formatted(KEY_VARIABLE));
    }
    return key;
  }
}

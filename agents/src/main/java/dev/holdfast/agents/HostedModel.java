package dev.holdfast.agents;

import dev.holdfast.kernel.spi.Classifier;
import dev.langchain4j.model.chat.ChatModel;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A model of a known provider, set up as a run needs it; immutable.
 *
 * <p>The client sends one request per call, since the run retries; a call has one deadline, body
 * included; a reply that broke off is a failure, never a short answer; a server's wish to be asked
 * later is kept, and its error text is not, since keys are echoed there. The key comes from the
 * environment and is never printed. Each provider's LangChain4j artifact has to be on the class
 * path.
 */
public final class HostedModel {
  private final Protocol protocol;
  private final String model;
  private final String baseUrl;
  private final Duration timeout;
  private final Optional<Integer> replyTokensMax;
  private final boolean isStreamed;

  private HostedModel(
      Protocol protocol,
      String model,
      String baseUrl,
      Duration timeout,
      Optional<Integer> replyTokensMax,
      boolean isStreamed) {
    this.protocol = protocol;
    this.model = model;
    this.baseUrl = baseUrl;
    this.timeout = timeout;
    this.replyTokensMax = replyTokensMax;
    this.isStreamed = isStreamed;
  }

  /**
   * A model by its name over OpenAI's chat completions, which many servers speak.
   *
   * <p>Needs {@code langchain4j-open-ai}; key in {@code OPENAI_API_KEY}.
   */
  public static HostedModel openAi(String model) {
    return of(Protocol.OPEN_AI, model);
  }

  /**
   * A model by its name over OpenAI's responses.
   *
   * <p>Needs {@code langchain4j-open-ai}; key in {@code OPENAI_API_KEY}.
   */
  public static HostedModel openAiResponses(String model) {
    return of(Protocol.OPEN_AI_RESPONSES, model);
  }

  /**
   * A model by its name over Anthropic's messages.
   *
   * <p>Needs {@code langchain4j-anthropic}; key in {@code ANTHROPIC_API_KEY}.
   */
  public static HostedModel anthropic(String model) {
    return of(Protocol.ANTHROPIC, model);
  }

  /**
   * A model by its name over Gemini's generateContent.
   *
   * <p>Needs {@code langchain4j-google-ai-gemini}; key in {@code GEMINI_API_KEY}.
   */
  public static HostedModel gemini(String model) {
    return of(Protocol.GEMINI, model);
  }

  private static HostedModel of(Protocol protocol, String model) {
    if (model.isBlank()) {
      throw new IllegalArgumentException("The model has no name. Give one, such as gpt-4o-mini.");
    }
    return new HostedModel(
        protocol, model, protocol.official(), Duration.ofSeconds(60), Optional.empty(), false);
  }

  /**
   * What the exceptions of models mean, for an effect of one's own that calls one. Agents have it
   * built in.
   */
  public static Classifier failures() {
    return new ModelFailures();
  }

  /** The same at another server, such as {@code http://localhost:11434/v1}. */
  public HostedModel baseUrl(String changed) {
    if (!changed.matches("(?i)https?://.+") || URI.create(changed).getUserInfo() != null) {
      throw new IllegalArgumentException(
          "The base URL must begin with http:// or https:// and hold no user or password.");
    }
    return new HostedModel(protocol, model, changed, timeout, replyTokensMax, isStreamed);
  }

  /** The same with that long for one whole reply, at most a day; default 60 s. */
  public HostedModel timeout(Duration changed) {
    Bounds.positive("timeout", changed, Bounds.A_DAY);
    return new HostedModel(protocol, model, baseUrl, changed, replyTokensMax, isStreamed);
  }

  /**
   * The same with replies of at most that many tokens, at least 1. Default is the provider's own,
   * for Anthropic 4,096.
   */
  public HostedModel replyTokensMax(int changed) {
    if (changed < 1) {
      throw new IllegalArgumentException("replyTokensMax must be >= 1, is %d.".formatted(changed));
    }
    return new HostedModel(protocol, model, baseUrl, timeout, Optional.of(changed), isStreamed);
  }

  /** The same over a stream, which keeps the line alive through long replies. */
  public HostedModel streamed() {
    return new HostedModel(protocol, model, baseUrl, timeout, replyTokensMax, true);
  }

  /**
   * The model; safe for use by several threads. A server other than the provider's may do without a
   * key.
   *
   * @throws IllegalStateException where the key or the provider's client is needed and missing
   */
  public ChatModel build() {
    return build(System.getenv());
  }

  ChatModel build(Map<String, String> environment) {
    var access = new ModelAccess(model, baseUrl, key(environment), timeout, replyTokensMax);
    return isStreamed
        ? Streamed.watched(protocol.streaming(access), timeout)
        : protocol.whole(access);
  }

  private Optional<String> key(Map<String, String> environment) {
    Optional<String> key =
        Optional.ofNullable(environment.get(protocol.keyVariable()))
            .filter(text -> !text.isBlank());
    if (key.isEmpty() && baseUrl.equals(protocol.official())) {
      throw new IllegalStateException(
          "%s is not set. Put your key there, or name another server with a base URL."
              .formatted(protocol.keyVariable()));
    }
    return key;
  }
}

package dev.holdfast.agents;

import dev.langchain4j.model.chat.ChatModel;
import java.time.Duration;
import java.util.Map;

/**
 * Models of OpenAI and of every server that speaks its chat completions; immutable. Short for
 * {@link HostedModel#openAi}, which has more settings.
 *
 * <p>Needs {@code dev.langchain4j:langchain4j-open-ai}. The key comes from the environment variable
 * {@value #KEY_VARIABLE} and is never printed; the client does not retry, since the run does.
 */
public final class OpenAi {
  /** The environment variable that holds the key. */
  public static final String KEY_VARIABLE = "OPENAI_API_KEY";

  private final HostedModel model;

  private OpenAi(HostedModel model) {
    this.model = model;
  }

  /** A model by its name, at OpenAI's own address, with a timeout of 60 s. */
  public static OpenAi named(String model) {
    return new OpenAi(HostedModel.openAi(model));
  }

  /** The same at another server, such as {@code http://localhost:11434/v1}. */
  public OpenAi baseUrl(String changed) {
    return new OpenAi(model.baseUrl(changed));
  }

  /** The same with that long for one reply; must be positive. */
  public OpenAi timeout(Duration changed) {
    return new OpenAi(model.timeout(changed));
  }

  /**
   * The model. A server other than OpenAI's may do without a key.
   *
   * @throws IllegalStateException where the key is needed and missing
   */
  public ChatModel build() {
    return model.build();
  }

  ChatModel build(Map<String, String> environment) {
    return model.build(environment);
  }
}

package dev.holdfast.examples;

import dev.holdfast.agents.HostedModel;
import dev.langchain4j.model.chat.ChatModel;
import java.util.Map;

/** Which model the booking assistant thinks with. */
final class BookingModels {
  /** The stand-in that needs no network. */
  static final String SCRIPT = "script";

  private BookingModels() {}

  /** A name to begin with: that of a provider whose key is set, or else the stand-in. */
  static String suggested(Map<String, String> environment) {
    if (!environment.getOrDefault("OPENAI_API_KEY", "").isBlank()) {
      return "gpt-4o-mini";
    }
    boolean hasAnthropic = !environment.getOrDefault("ANTHROPIC_API_KEY", "").isBlank();
    return hasAnthropic ? "claude-haiku-4-5" : SCRIPT;
  }

  /** The stand-in, or a provider's model by its name; the key stays in the environment. */
  static ChatModel named(String name) {
    if (name.equals(SCRIPT)) {
      return BookingScript.model();
    }
    return name.startsWith("claude")
        ? HostedModel.anthropic(name).build()
        : HostedModel.openAi(name).build();
  }
}

package dev.holdfast.bench;

import dev.holdfast.agents.HostedModel;
import dev.langchain4j.model.chat.ChatModel;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A protocol of the recordings that LangChain4j speaks, known by the end of its path. */
enum WireProtocol {
  CHAT("(.*)/chat/completions"),
  RESPONSES("(.*)/responses"),
  MESSAGES("(.*)/messages"),
  GENERATE("(.*)/models/[^/]+:(?:generateContent|streamGenerateContent)");

  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final String MODEL = "recorded";

  @SuppressWarnings("ImmutableEnumChecker") // A Pattern is.
  private final Pattern path;

  WireProtocol(String path) {
    this.path = Pattern.compile(path);
  }

  /** How a client is made for a protocol at a base URL. */
  @FunctionalInterface
  interface Clients {
    ChatModel client(WireProtocol protocol, String baseUrl, boolean isStreamed);
  }

  static Optional<WireProtocol> ofPath(String path) {
    for (WireProtocol protocol : values()) {
      if (protocol.matcher(path).matches()) {
        return Optional.of(protocol);
      }
    }
    return Optional.empty();
  }

  private Matcher matcher(String text) {
    return path.matcher(text.replaceFirst("\\?.*", ""));
  }

  /** The base URL that a client is given so that it asks for that path below a root. */
  String baseUrl(String root, String askedPath) {
    Matcher matcher = matcher(askedPath);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("%s is no path of %s.".formatted(askedPath, this));
    }
    return root + matcher.group(1);
  }

  /** The model as a user of Holdfast would build it. */
  ChatModel hosted(String baseUrl, boolean isStreamed) {
    HostedModel model =
        switch (this) {
          case CHAT -> HostedModel.openAi(MODEL);
          case RESPONSES -> HostedModel.openAiResponses(MODEL);
          case MESSAGES -> HostedModel.anthropic(MODEL);
          case GENERATE -> HostedModel.gemini(MODEL);
        };
    HostedModel placed = model.baseUrl(baseUrl).timeout(TIMEOUT);
    return (isStreamed ? placed.streamed() : placed).build();
  }
}

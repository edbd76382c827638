package dev.holdfast.agents;

import static java.util.Objects.requireNonNullElse;

import dev.langchain4j.model.chat.ChatModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Everything that an agent was told; never changed. */
record Blueprint(
    String name,
    String version,
    ChatModel model,
    String instructions,
    ToolBox tools,
    List<ToolSource> sources,
    Budget budget,
    int repairsMax,
    int resultCharactersMax,
    Duration modelTimeout,
    Function<ToolCall, Optional<String>> recorded) {
  private static final int MODEL_NAME_LENGTH_MAX = 200;

  /** Copies the sources. */
  Blueprint {
    sources = List.copyOf(sources);
  }

  /** The model's name; {@code unnamed} where its client does not tell. */
  String modelName() {
    return requireNonNullElse(model.defaultRequestParameters().modelName(), "unnamed");
  }

  /** What runs of the agent are executed with. */
  Map<String, String> manifest() {
    String named = modelName();
    return Map.of(
        "model", named.substring(0, Math.min(named.length(), MODEL_NAME_LENGTH_MAX)),
        "instructions", Json.digest(instructions),
        "tools", Json.digest(tools.canonical()));
  }

  /** The same with those tools. */
  Blueprint with(ToolBox changed) {
    return new Blueprint(
        name,
        version,
        model,
        instructions,
        changed,
        sources,
        budget,
        repairsMax,
        resultCharactersMax,
        modelTimeout,
        recorded);
  }
}

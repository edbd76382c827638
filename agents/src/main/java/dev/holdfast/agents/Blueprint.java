package dev.holdfast.agents;

import dev.langchain4j.model.chat.ChatModel;
import java.time.Duration;
import java.util.List;
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
  /** Copies the sources. */
  Blueprint {
    sources = List.copyOf(sources);
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

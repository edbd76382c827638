package dev.holdfast.agents;

import dev.langchain4j.model.chat.ChatModel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Everything that an agent was told; never changed. */
record Blueprint(
    String name,
    String version,
    ChatModel model,
    String instructions,
    ToolBox tools,
    Budget budget,
    int repairsMax,
    int resultCharactersMax,
    Duration modelTimeout,
    Function<ToolCall, Optional<String>> recorded) {}

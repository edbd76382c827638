package dev.holdfast.agents;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The messages of a conversation, with a digest that grows with them.
 *
 * <p>The digest of n messages is that of (digest of n-1, message n): a call costs what is new.
 */
final class History implements Verdicts.Earlier {
  private static final int CHARACTERS_PER_TOKEN = 4;

  private final List<ChatMessage> messages = new ArrayList<>();
  private final List<ModelCall.Said> added = new ArrayList<>();
  private final Set<String> callIds = new HashSet<>();
  private String digest = Json.digest("");
  private long characters;
  private int replies;

  void system(String text) {
    messages.add(SystemMessage.from(text));
    say("system", text, Optional.empty());
  }

  void user(String text) {
    messages.add(UserMessage.from(text));
    say("user", text, Optional.empty());
  }

  void result(ToolCall call, String text, boolean isError) {
    messages.add(
        ToolExecutionResultMessage.builder()
            .id(call.id())
            .toolName(call.name())
            .text(text)
            .isError(isError)
            .build());
    say("tool", text, Optional.of(call));
  }

  void reply(Reply reply) {
    var message = AiMessage.builder();
    reply.text().ifPresent(message::text);
    if (!reply.calls().isEmpty()) {
      message.toolExecutionRequests(
          reply.calls().stream().map(call -> call.tool().request()).toList());
    }
    messages.add(message.build());
    reply.calls().forEach(call -> callIds.add(call.tool().id()));
    replies++;
    grow(
        Json.write(
            List.of(
                "assistant", reply.text(), reply.calls().stream().map(Reply.Call::tool).toList())));
  }

  private void say(String role, String text, Optional<ToolCall> answers) {
    added.add(new ModelCall.Said(role, text, answers));
    grow(Json.write(List.of(role, text, answers.map(ToolCall::id).orElse(""))));
  }

  private void grow(String message) {
    characters += message.length();
    digest = Json.digest(digest + "\n" + message);
  }

  /** The messages that no call held before; afterwards there are none. */
  List<ModelCall.Said> takeAdded() {
    var taken = List.copyOf(added);
    added.clear();
    return taken;
  }

  List<ChatMessage> messages() {
    return List.copyOf(messages);
  }

  int size() {
    return messages.size();
  }

  @Override
  public int replies() {
    return replies;
  }

  String digest() {
    return digest;
  }

  @Override
  public boolean holdsCall(String id) {
    return callIds.contains(id);
  }

  /** A rough count: four characters to the token, four tokens around each message. */
  long tokensEstimated() {
    return characters / CHARACTERS_PER_TOKEN + 4L * messages.size();
  }
}

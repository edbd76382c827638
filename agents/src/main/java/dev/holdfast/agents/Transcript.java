package dev.holdfast.agents;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What one call of an adopted agent said to its model so far.
 *
 * <p>The agent hands over all messages each time, in a window or rewritten by a guardrail; each is
 * journaled once.
 */
final class Transcript implements Verdicts.Earlier {
  private static final int CHARACTERS_PER_TOKEN = 4;

  /** What anything but text is taken for, in characters. */
  private static final int CHARACTERS_OF_OTHERS = 4_000;

  private final Set<String> known = new HashSet<>();
  private final Set<String> callIds = new HashSet<>();
  private final IdentityHashMap<ChatMessage, String> texts = new IdentityHashMap<>();
  private List<ChatMessage> messages = List.of();
  private int replies;

  /** A message as JSON; written once, since each call of the model looks at all of them. */
  private String written(ChatMessage message) {
    return texts.computeIfAbsent(message, Messages::write);
  }

  /** Takes the messages of the next request, and returns those that no step holds yet. */
  List<ModelCall.Said> next(List<ChatMessage> request) {
    messages = List.copyOf(request);
    replies = 0;
    callIds.clear();
    var added = new ArrayList<ModelCall.Said>();
    for (ChatMessage message : messages) {
      if (message instanceof AiMessage reply) {
        replies++;
        reply.toolExecutionRequests().forEach(call -> callIds.add(String.valueOf(call.id())));
      }
      if (known.add(written(message))) {
        added.add(said(message));
      }
    }
    return added;
  }

  /** Marks a message that a step of the run holds. */
  void know(ChatMessage message) {
    known.add(written(message));
  }

  private ModelCall.Said said(ChatMessage message) {
    Optional<ToolCall> answers =
        message instanceof ToolExecutionResultMessage result
            ? Optional.of(new ToolCall(String.valueOf(result.id()), result.toolName(), ""))
            : Optional.empty();
    return new ModelCall.Said(
        message.type().name().toLowerCase(Locale.ROOT),
        text(message).orElseGet(() -> written(message)),
        answers);
  }

  /** The message's words, where it holds nothing else. */
  private static Optional<String> text(ChatMessage message) {
    return switch (message) {
      case SystemMessage system -> Optional.of(system.text());
      case UserMessage user when user.hasSingleText() && user.name() == null ->
          Optional.of(user.singleText());
      case ToolExecutionResultMessage result when result.hasSingleText() ->
          Optional.of(result.text());
      default -> Optional.empty();
    };
  }

  String digest() {
    return Messages.digest(messages.stream().map(this::written).toList());
  }

  int size() {
    return messages.size();
  }

  /** A rough count: four characters to the token, four tokens around each message. */
  long tokensEstimated() {
    long characters = messages.stream().mapToLong(this::characters).sum();
    return characters / CHARACTERS_PER_TOKEN + 4L * messages.size();
  }

  private long characters(ChatMessage message) {
    if (message instanceof UserMessage user) {
      return user.contents().stream()
          .mapToLong(each ->
              each instanceof TextContent text ? text.text().length() : CHARACTERS_OF_OTHERS)
          .sum();
    }
    return written(message).length();
  }

  @Override
  public boolean holdsCall(String id) {
    return callIds.contains(id);
  }

  @Override
  public int replies() {
    return replies;
  }
}

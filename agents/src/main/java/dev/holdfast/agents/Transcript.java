package dev.holdfast.agents;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.ArrayList;
import java.util.HashSet;
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
  private List<ChatMessage> messages = List.of();
  private int replies;

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
      if (known.add(Messages.write(message))) {
        added.add(said(message));
      }
    }
    return added;
  }

  /** Marks a message that a step of the run holds. */
  void know(ChatMessage message) {
    known.add(Messages.write(message));
  }

  private static ModelCall.Said said(ChatMessage message) {
    Optional<ToolCall> answers =
        message instanceof ToolExecutionResultMessage result
            ? Optional.of(new ToolCall(String.valueOf(result.id()), result.toolName(), ""))
            : Optional.empty();
    return new ModelCall.Said(
        message.type().name().toLowerCase(Locale.ROOT),
        text(message).orElseGet(() -> Messages.write(message)),
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
    return Messages.digest(Messages.write(messages));
  }

  int size() {
    return messages.size();
  }

  /** A rough count: four characters to the token, four tokens around each message. */
  long tokensEstimated() {
    long characters = messages.stream().mapToLong(Transcript::characters).sum();
    return characters / CHARACTERS_PER_TOKEN + 4L * messages.size();
  }

  private static long characters(ChatMessage message) {
    if (message instanceof UserMessage user) {
      return user.contents().stream()
          .mapToLong(each ->
              each instanceof TextContent text ? text.text().length() : CHARACTERS_OF_OTHERS)
          .sum();
    }
    return Messages.write(message).length();
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

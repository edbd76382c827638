package dev.holdfast.gauntlet;

import dev.holdfast.kernel.KnownFailure;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.io.EOFException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What a model or its provider answers when something goes wrong. */
final class ModelFaults {
  static final Set<Fault> ALL = EnumSet.copyOf(Faults.MODELS.faults());
  private static final Duration RETRY_AFTER = Duration.ofSeconds(30);
  private static final Duration FIRST_TOKEN = Duration.ofSeconds(1);
  private static final String REFUSAL = "I'm sorry, but I can't help with that.";

  static {
    ALL.addAll(EnumSet.of(Fault.REFUSED, Fault.ANSWER_LOST, Fault.TRY_LATER));
  }

  private ModelFaults() {}

  static boolean befalls(Fault fault) {
    return ALL.contains(fault);
  }

  static ChatResponse answer(Fault fault, ChatModel real, ChatRequest request) {
    return switch (fault) {
      case REFUSED ->
          throw new UncheckedIOException(new ConnectException("The connection was refused."));
      case RATE_LIMITED -> throw new HttpException(429, "Too many requests.");
      case RATE_LIMITED_UNTIL, TRY_LATER ->
          throw KnownFailure.tryLater("429", "Too many requests.", Optional.of(RETRY_AFTER));
      case OVERLOADED -> throw new HttpException(503, "The model is overloaded.");
      case CONTEXT_OVERFLOW ->
          throw new HttpException(400, "{\"error\":{\"code\":\"context_length_exceeded\"}}");
      case CUT_STREAM -> {
        real.doChat(request);
        throw new UncheckedIOException(new EOFException("The answer broke off."));
      }
      case ANSWER_LOST -> {
        real.doChat(request);
        throw new UncheckedIOException(new SocketException("The connection was reset."));
      }
      case SLOW_FIRST_TOKEN -> late(real, request);
      default -> reply(fault, real.doChat(request), request);
    };
  }

  private static ChatResponse late(ChatModel real, ChatRequest request) {
    try {
      Thread.sleep(FIRST_TOKEN);
    } catch (InterruptedException givenUp) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Whoever waited for the first token gave up.", givenUp);
    }
    return real.doChat(request);
  }

  private static ChatResponse reply(Fault fault, ChatResponse real, ChatRequest request) {
    return switch (fault) {
      case EMPTY_REPLY -> said(real, AiMessage.from(""), FinishReason.STOP);
      case MODEL_REFUSAL -> said(real, AiMessage.from(REFUSAL), FinishReason.CONTENT_FILTER);
      case TRUNCATED_REPLY -> said(real, half(real.aiMessage()), FinishReason.LENGTH);
      case MALFORMED_JSON ->
          called(real, each -> with(each, each.name(), each.arguments() + "{\"cut"));
      case UNKNOWN_TOOL -> called(real, each -> with(each, each.name() + "_v2", "{}"));
      case WRONG_TYPES -> called(real, each -> with(each, each.name(), wrong(each.arguments())));
      case REPEATED_CALL, ENDLESS_LOOP -> repeated(real, request);
      default -> throw new IllegalArgumentException(fault.word() + " befalls no reply.");
    };
  }

  private static ChatResponse said(ChatResponse real, AiMessage message, FinishReason finish) {
    var told = ChatResponse.builder().aiMessage(message).finishReason(finish);
    return real.tokenUsage() == null ? told.build() : told.tokenUsage(real.tokenUsage()).build();
  }

  private static AiMessage half(AiMessage message) {
    String text = message.text() == null ? "" : message.text();
    return AiMessage.from(text.substring(0, text.length() / 2));
  }

  /** The reply with other calls; one that calls nothing gets a call of something that is not. */
  private static ChatResponse called(
      ChatResponse real, UnaryOperator<ToolExecutionRequest> change) {
    List<ToolExecutionRequest> calls =
        real.aiMessage().hasToolExecutionRequests()
            ? real.aiMessage().toolExecutionRequests()
            : List.of(ToolExecutionRequest.builder().id("made-up").name("nothing").build());
    List<ToolExecutionRequest> changed = calls.stream().map(change).toList();
    return said(real, AiMessage.from(changed), FinishReason.TOOL_EXECUTION);
  }

  private static ToolExecutionRequest with(
      ToolExecutionRequest call, String name, String arguments) {
    return ToolExecutionRequest.builder().id(call.id()).name(name).arguments(arguments).build();
  }

  /** Every string becomes an object, and every number a list. */
  private static String wrong(String arguments) {
    return arguments
        .replaceAll(":\\s*\"[^\"]*\"", ":{\"text\":[true]}")
        .replaceAll(":\\s*-?\\d+(\\.\\d+)?", ":[\"many\"]");
  }

  private static ChatResponse repeated(ChatResponse real, ChatRequest request) {
    Optional<AiMessage> last =
        request.messages().reversed().stream()
            .filter(ModelFaults::isCalling)
            .map(AiMessage.class::cast)
            .findFirst();
    return last.map(message -> said(real, message, FinishReason.TOOL_EXECUTION)).orElse(real);
  }

  private static boolean isCalling(ChatMessage message) {
    return message instanceof AiMessage said && said.hasToolExecutionRequests();
  }
}

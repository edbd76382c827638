package dev.holdfast.bench;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A model at its best: it asks for each step of the order in the question that it has a tool for
 * and sees no result of. Its provider refuses a tool call without a result, as OpenAI's and
 * Anthropic's do.
 */
record AdoptionModel(AdoptionLife life) implements ChatModel {
  private static final Pattern ORDER = Pattern.compile("order (\\d+)");

  private record Step(String tool, String result) {}

  private static final List<Step> STEPS =
      List.of(
          new Step("findOrder", AdoptionTools.FOUND),
          new Step("charge", AdoptionTools.CHARGED),
          new Step("sendLetter", AdoptionTools.POSTED));

  static String question(String order) {
    return "Please settle order " + order;
  }

  static String answer(String order) {
    return "order %s is settled".formatted(order);
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    life.touch("before a model call");
    requireResults(request.messages());
    AiMessage reply = reply(request);
    life.touch("after a model call");
    return ChatResponse.builder()
        .aiMessage(reply)
        .finishReason(
            reply.hasToolExecutionRequests() ? FinishReason.TOOL_EXECUTION : FinishReason.STOP)
        .tokenUsage(new TokenUsage(100, 20))
        .build();
  }

  private static void requireResults(List<ChatMessage> messages) {
    Set<String> open = open(messages);
    if (!open.isEmpty()) {
      throw new InvalidRequestException(
          "A message with tool calls must be followed by a result of each; missing: " + open);
    }
  }

  private static Set<String> open(List<ChatMessage> messages) {
    Set<String> open = new HashSet<>();
    for (ChatMessage message : messages) {
      if (message instanceof ToolExecutionResultMessage result) {
        open.remove(result.id());
      } else if (!open.isEmpty()) {
        break;
      } else if (message instanceof AiMessage asking) {
        asking.toolExecutionRequests().forEach(each -> open.add(each.id()));
      }
    }
    return open;
  }

  private static AiMessage reply(ChatRequest request) {
    String order = order(request.messages());
    List<String> offered =
        Optional.ofNullable(request.toolSpecifications()).orElse(List.of()).stream()
            .map(ToolSpecification::name)
            .toList();
    return STEPS.stream()
        .filter(step -> offered.contains(step.tool()))
        .filter(step -> results(request).noneMatch((step.result() + order)::equals))
        .findFirst()
        .map(step -> AiMessage.from(call(step, order)))
        .orElseGet(() -> AiMessage.from(answer(order)));
  }

  private static Stream<String> results(ChatRequest request) {
    return request.messages().stream()
        .filter(ToolExecutionResultMessage.class::isInstance)
        .map(each -> ((ToolExecutionResultMessage) each).text());
  }

  private static String order(List<ChatMessage> messages) {
    String question =
        messages.reversed().stream()
            .filter(UserMessage.class::isInstance)
            .map(each -> ((UserMessage) each).singleText())
            .findFirst()
            .orElse("nothing");
    Matcher order = ORDER.matcher(question);
    if (!order.find()) {
      throw new InvalidRequestException("The request names no order: " + question);
    }
    return order.group(1);
  }

  private static ToolExecutionRequest call(Step step, String order) {
    return ToolExecutionRequest.builder()
        .id("call-%s-%s".formatted(step.tool(), order))
        .name(step.tool())
        .arguments("{\"order\":\"%s\"}".formatted(order))
        .build();
  }
}

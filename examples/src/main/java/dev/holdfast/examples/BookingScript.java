package dev.holdfast.examples;

import dev.holdfast.testing.ScriptedModel;
import dev.holdfast.testing.ScriptedModel.Reply;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what a good model would, so that the booking assistant runs without a network or key. */
final class BookingScript {
  private static final Pattern TRIP = Pattern.compile("from (\\w+) to (\\w+)");
  private static final Pattern PAYMENT = Pattern.compile("pay (B-\\d+), (\\d+) cents");

  private BookingScript() {}

  static ScriptedModel model() {
    return ScriptedModel.deciding(BookingScript::reply);
  }

  private static Reply reply(ChatRequest request) {
    List<ChatMessage> turn = turn(request.messages());
    String asked = ((UserMessage) turn.getFirst()).singleText();
    Matcher trip = TRIP.matcher(asked);
    if (trip.find()) {
      return book(trip.group(1), trip.group(2), results(turn));
    }
    Matcher payment = PAYMENT.matcher(asked);
    return payment.find()
        ? pay(payment.group(1), payment.group(2), results(turn))
        : Reply.text(recall(request.messages()));
  }

  private static Reply book(String from, String to, List<String> results) {
    return switch (results.size()) {
      case 0 -> search(from, to);
      case 2 ->
          Reply.call("holdSeat", "{\"flight\":\"%s\"}".formatted(first("HF\\d+", results.get(0))));
      case 3 -> payment(booking(results), first("\\d{4,}", results.get(2)));
      case 4 -> confirm(results);
      default ->
          Reply.text(
              "You fly at %s, booking %s; it is paid and confirmed."
                  .formatted(first("\\d\\d:\\d\\d", results.get(2)), booking(results)));
    };
  }

  private static Reply search(String from, String to) {
    String trip = "{\"from\":\"%s\",\"to\":\"%s\"}".formatted(from, to);
    String stay = "{\"city\":\"%s\"}".formatted(to);
    return Reply.calls(
        Reply.request("flights", "searchFlights", trip),
        Reply.request("hotels", "hotelRooms", stay));
  }

  private static Reply confirm(List<String> results) {
    return results.get(3).startsWith("paid")
        ? Reply.call("sendConfirmation", "{\"bookingId\":\"%s\"}".formatted(booking(results)))
        : Reply.text("I held a seat for you, but the payment was refused.");
  }

  private static Reply pay(String bookingId, String cents, List<String> results) {
    return results.isEmpty()
        ? payment(bookingId, cents)
        : Reply.text("For " + bookingId + ": " + results.getFirst());
  }

  private static Reply payment(String bookingId, String cents) {
    return Reply.call(
        "payByCard", "{\"bookingId\":\"%s\",\"cents\":%s}".formatted(bookingId, cents));
  }

  private static String booking(List<String> results) {
    return first("B-\\d+", results.get(2));
  }

  /** What was said last, if anything: it shows that the conversation is remembered. */
  private static String recall(List<ChatMessage> messages) {
    return messages.reversed().stream()
        .filter(message -> message instanceof AiMessage said && said.text() != null)
        .findFirst()
        .map(message -> "As I said: " + ((AiMessage) message).text())
        .orElse("I can book flights. Ask for one from Berlin to Rome, or to Hamburg.");
  }

  /** The last question and what came after it. */
  private static List<ChatMessage> turn(List<ChatMessage> messages) {
    int at = messages.size() - 1;
    while (!(messages.get(at) instanceof UserMessage)) {
      at--;
    }
    return messages.subList(at, messages.size());
  }

  private static List<String> results(List<ChatMessage> turn) {
    return turn.stream()
        .filter(ToolExecutionResultMessage.class::isInstance)
        .map(message -> ((ToolExecutionResultMessage) message).text())
        .toList();
  }

  private static String first(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .findFirst()
        .map(match -> match.group())
        .orElse("nothing");
  }
}

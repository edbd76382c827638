package dev.holdfast.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.bench.WireReply.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads streamed replies from their raw events, without LangChain4j. */
final class WireStreamReader {
  private final Map<Integer, Piece> pieces = new TreeMap<>();
  private Optional<Integer> tokensIn = Optional.empty();
  private Optional<Integer> tokensOut = Optional.empty();
  private Optional<String> finish = Optional.empty();

  private WireStreamReader() {}

  /** A tool call that grows. */
  private static final class Piece {
    private Optional<String> id = Optional.empty();
    private final StringBuilder name = new StringBuilder();
    private final StringBuilder arguments = new StringBuilder();

    Call call() {
      return new Call(id, name.toString(), WireJson.arguments(arguments.toString()));
    }
  }

  static WireReply read(WireProtocol protocol, List<JsonNode> events) {
    var reader = new WireStreamReader();
    return switch (protocol) {
      case CHAT -> {
        events.forEach(reader::chat);
        yield reader.reply(reader.finish.flatMap(WireReader::chatFinish));
      }
      case RESPONSES -> responses(events);
      case MESSAGES -> {
        events.forEach(reader::message);
        yield reader.reply(reader.finish.flatMap(WireReader::messagesFinish));
      }
      case GENERATE -> reader.generate(events);
    };
  }

  /** Whether an event says that the reply is whole. */
  static boolean hasEnd(WireProtocol protocol, List<JsonNode> events) {
    return events.stream()
        .anyMatch(event ->
            switch (protocol) {
              case CHAT -> event.path("choices").path(0).hasNonNull("finish_reason");
              case GENERATE -> event.path("candidates").path(0).hasNonNull("finishReason");
              case MESSAGES -> event.path("type").asText().equals("message_stop");
              case RESPONSES ->
                  event.path("type").asText().matches("response\\.(completed|incomplete)");
            });
  }

  private WireReply reply(Optional<dev.langchain4j.model.output.FinishReason> why) {
    return new WireReply(
        pieces.values().stream().map(Piece::call).toList(), tokensIn, tokensOut, why);
  }

  private void count(JsonNode usage, String in, String out) {
    tokensIn = WireJson.count(usage, in).or(() -> tokensIn);
    tokensOut = WireJson.count(usage, out).or(() -> tokensOut);
  }

  private void chat(JsonNode event) {
    count(event.path("usage"), "prompt_tokens", "completion_tokens");
    JsonNode choice = event.path("choices").path(0);
    finish = WireJson.text(choice, "finish_reason").or(() -> finish);
    for (JsonNode call : choice.path("delta").path("tool_calls")) {
      Piece piece = piece(call);
      piece.id = WireJson.text(call, "id").or(() -> piece.id);
      piece.name.append(call.path("function").path("name").asText(""));
      piece.arguments.append(call.path("function").path("arguments").asText(""));
    }
  }

  /** Where a provider leaves the index out, a new id begins a new call. */
  private Piece piece(JsonNode call) {
    Optional<Integer> index = WireJson.count(call, "index");
    Optional<String> id = WireJson.text(call, "id");
    int last = Math.max(0, pieces.size() - 1);
    Piece current = pieces.get(last);
    boolean isNew = id.isPresent() && current != null && !current.id.equals(id);
    return pieces.computeIfAbsent(
        index.orElse(isNew ? pieces.size() : last), missing -> new Piece());
  }

  private static WireReply responses(List<JsonNode> events) {
    var items = new ArrayList<JsonNode>();
    JsonNode last = WireJson.read("");
    for (JsonNode event : events) {
      switch (event.path("type").asText()) {
        case "response.output_item.done" -> items.add(event.path("item"));
        case "response.completed", "response.incomplete" -> last = event.path("response");
        default -> {}
      }
    }
    return WireReader.responses(last, items);
  }

  private void message(JsonNode event) {
    count(event.path("message").path("usage"), "input_tokens", "output_tokens");
    count(event.path("usage"), "input_tokens", "output_tokens");
    finish = WireJson.text(event.path("delta"), "stop_reason").or(() -> finish);
    int index = event.path("index").asInt();
    JsonNode block = event.path("content_block");
    Piece open = pieces.get(index);
    if (block.path("type").asText().equals("tool_use")) {
      var piece = new Piece();
      piece.id = WireJson.text(block, "id");
      piece.name.append(block.path("name").asText());
      pieces.put(index, piece);
    } else if (open != null) {
      open.arguments.append(event.path("delta").path("partial_json").asText(""));
    }
  }

  private WireReply generate(List<JsonNode> events) {
    var calls = new ArrayList<Call>();
    for (JsonNode event : events) {
      count(event.path("usageMetadata"), "promptTokenCount", "candidatesTokenCount");
      JsonNode candidate = event.path("candidates").path(0);
      finish = WireJson.text(candidate, "finishReason").or(() -> finish);
      calls.addAll(WireReader.generateCalls(candidate));
    }
    return new WireReply(
        calls,
        tokensIn,
        tokensOut,
        finish.flatMap(reason -> WireReader.generateFinish(reason, !calls.isEmpty())));
  }
}

package dev.holdfast.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads recorded exchanges: {@code cassettes.jsonl}, one recording to the line. */
final class WireCases {
  static final String FILE = "cassettes.jsonl";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();
  private static final List<String> BODIES = List.of("response_sse", "response_text", "response");

  private final Path file;

  private WireCases(Path file) {
    this.file = file;
  }

  /**
   * Every exchange of a folder, in order.
   *
   * @throws IllegalArgumentException where the file is missing, empty or holds a line of no known
   *     form; the message names the line
   */
  static List<WireExchange> read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(
          "%s is missing. Name the folder that holds %s.".formatted(file, FILE));
    }
    List<WireExchange> exchanges = new WireCases(file).lines();
    if (exchanges.isEmpty()) {
      throw new IllegalArgumentException("%s holds no recorded exchange.".formatted(file));
    }
    return exchanges;
  }

  private List<WireExchange> lines() throws IOException {
    var exchanges = new ArrayList<WireExchange>();
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (!line.isBlank()) {
          exchanges.addAll(recording(line, number));
        }
      }
    }
    return exchanges;
  }

  private List<WireExchange> recording(String line, int number) {
    try {
      JsonNode recording = MAPPER.readTree(line);
      JsonNode interactions = required(recording, "interactions");
      var exchanges = new ArrayList<WireExchange>();
      for (JsonNode interaction : interactions) {
        String name = "%s #%d".formatted(text(recording, "id"), exchanges.size() + 1);
        exchanges.add(exchange(name, interaction));
      }
      return exchanges;
    } catch (JsonProcessingException malformed) {
      throw refused(number, malformed.getOriginalMessage());
    } catch (IllegalArgumentException unfit) {
      throw refused(number, String.valueOf(unfit.getMessage()));
    }
  }

  private IllegalArgumentException refused(int number, String why) {
    return new IllegalArgumentException(
        "%s, line %d is no recording: %s. Mend or remove that line.".formatted(file, number, why));
  }

  private static WireExchange exchange(String name, JsonNode interaction) {
    String kind =
        BODIES.stream()
            .filter(interaction::has)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("none of " + BODIES + " is there"));
    JsonNode body = required(interaction, kind);
    JsonNode status = required(interaction, "status");
    if (!status.isInt() || status.intValue() < 200 || status.intValue() > 599) {
      throw new IllegalArgumentException("'status' must be 200 to 599, is " + status);
    }
    var headers = new LinkedHashMap<String, String>();
    interaction
        .path("response_headers")
        .properties()
        .forEach(header -> headers.put(header.getKey(), headerText(header)));
    return new WireExchange(
        name,
        text(interaction, "endpoint"),
        text(interaction, "path"),
        interaction.path("request"),
        status.intValue(),
        headers,
        kind.equals("response") && !body.isTextual() ? body.toString() : body.asText(),
        kind.equals("response_sse"));
  }

  private static String headerText(Map.Entry<String, JsonNode> header) {
    JsonNode value = header.getValue();
    return value.isArray() ? value.path(0).asText() : value.asText();
  }

  private static String text(JsonNode object, String name) {
    JsonNode value = required(object, name);
    if (!value.isTextual() || value.asText().isBlank()) {
      throw new IllegalArgumentException("'%s' must be a text, is %s".formatted(name, value));
    }
    return value.asText();
  }

  private static JsonNode required(JsonNode object, String name) {
    JsonNode value = object.get(name);
    if (value == null) {
      throw new IllegalArgumentException("'%s' is missing".formatted(name));
    }
    return value;
  }
}

package dev.holdfast.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of one JSON object, each as the text that was written; reading a field takes it out.
 */
final class Fields {
  private final JsonFactory factory;
  private final Map<String, String> texts;

  private Fields(JsonFactory factory, Map<String, String> texts) {
    this.factory = factory;
    this.texts = texts;
  }

  static Fields of(JsonFactory factory, String json) throws IOException {
    var texts = new HashMap<String, String>();
    try (JsonParser parser = factory.createParser(json)) {
      require(parser.nextToken() == JsonToken.START_OBJECT, "it is no JSON object");
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        parser.nextToken();
        require(texts.put(name, slice(parser, json)) == null, "it has a field twice: " + name);
      }
      require(parser.currentToken() == JsonToken.END_OBJECT, "it has no end");
      require(parser.nextToken() == null, "something follows its end");
    }
    return new Fields(factory, texts);
  }

  String text(String name) throws IOException {
    return unquoted(factory, present(name));
  }

  Optional<String> optionalText(String name) throws IOException {
    String json = texts.remove(name);
    return json == null ? Optional.empty() : Optional.of(unquoted(factory, json));
  }

  StepPath path(String name) throws IOException {
    return new StepPath(text(name));
  }

  Instant instant(String name) throws IOException {
    return Instant.parse(text(name));
  }

  int number(String name) {
    return Integer.parseInt(present(name));
  }

  long longNumber(String name) {
    return Long.parseLong(present(name));
  }

  Optional<Long> optionalLong(String name) {
    return Optional.ofNullable(texts.remove(name)).map(Long::valueOf);
  }

  boolean flag(String name) {
    String json = present(name);
    require(json.equals("true") || json.equals("false"), name + " is neither true nor false");
    return json.equals("true");
  }

  <T extends Enum<T>> T constant(String name, Class<T> type) throws IOException {
    return Enum.valueOf(type, text(name));
  }

  Payload payload(String name) {
    return new Payload(present(name));
  }

  Optional<Payload> optionalPayload(String name) {
    return Optional.ofNullable(texts.remove(name)).map(Payload::new);
  }

  Fields object(String name) throws IOException {
    return of(factory, present(name));
  }

  Optional<Fields> optionalObject(String name) throws IOException {
    return texts.containsKey(name) ? Optional.of(object(name)) : Optional.empty();
  }

  /** The elements of an array, each as the text that was written. */
  List<String> elements(String name) throws IOException {
    String json = present(name);
    var elements = new ArrayList<String>();
    try (JsonParser parser = factory.createParser(json)) {
      require(parser.nextToken() == JsonToken.START_ARRAY, name + " is no array");
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        elements.add(slice(parser, json));
      }
    }
    return elements;
  }

  /** The elements of an array of strings. */
  List<String> texts(String name) throws IOException {
    var strings = new ArrayList<String>();
    for (String element : elements(name)) {
      strings.add(unquoted(factory, element));
    }
    return strings;
  }

  /** The fields of an object of strings; empty where there is none of that name. */
  Map<String, String> optionalTexts(String name) throws IOException {
    var strings = new HashMap<String, String>();
    if (texts.containsKey(name)) {
      for (Map.Entry<String, String> each : object(name).texts.entrySet()) {
        strings.put(each.getKey(), unquoted(factory, each.getValue()));
      }
    }
    return strings;
  }

  /** Refuses what nobody read: a field that this version does not know may change the meaning. */
  void requireAllRead() {
    require(texts.isEmpty(), "it has fields that this version does not know: " + texts.keySet());
  }

  private static String unquoted(JsonFactory factory, String json) throws IOException {
    require(json.startsWith("\""), "a field that holds a string holds something else");
    if (json.indexOf('\\') < 0) {
      return json.substring(1, json.length() - 1);
    }
    try (JsonParser parser = factory.createParser(json)) {
      parser.nextToken();
      return parser.getText();
    }
  }

  private static String slice(JsonParser parser, String json) throws IOException {
    int start = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    parser.finishToken();
    return json.substring(start, (int) parser.currentLocation().getCharOffset());
  }

  private String present(String name) {
    String json = texts.remove(name);
    require(json != null, "it lacks the field " + name);
    return java.util.Objects.requireNonNull(json);
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }
}

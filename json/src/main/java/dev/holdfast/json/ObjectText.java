package dev.holdfast.json;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The text of a JSON object while it is written, field by field. */
final class ObjectText {
  private static final JsonStringEncoder QUOTES = JsonStringEncoder.getInstance();
  private final StringBuilder text;

  ObjectText(int capacity) {
    text = new StringBuilder(capacity).append('{');
  }

  /** Begins the object of that case of a sealed type. */
  static ObjectText of(Record value) {
    return of(value, 0);
  }

  /** Begins the object of that case, with room for a payload. */
  static ObjectText of(Record value, int payloadLength) {
    return new ObjectText(192 + payloadLength).field("is", value.getClass().getSimpleName());
  }

  ObjectText field(String name, String value) {
    name(name).append('"');
    QUOTES.quoteAsString(value, text);
    text.append('"');
    return this;
  }

  ObjectText field(String name, Enum<?> value) {
    return field(name, value.name());
  }

  ObjectText field(String name, long value) {
    name(name).append(value);
    return this;
  }

  ObjectText field(String name, boolean value) {
    name(name).append(value);
    return this;
  }

  /** A field whose value is JSON already. */
  ObjectText raw(String name, String json) {
    name(name).append(json);
    return this;
  }

  ObjectText raw(String name, Optional<String> json) {
    json.ifPresent(present -> raw(name, present));
    return this;
  }

  <T> ObjectText array(String name, List<T> values, Function<T, String> json) {
    name(name).append('[');
    for (int i = 0; i < values.size(); i++) {
      text.append(i == 0 ? "" : ",").append(json.apply(values.get(i)));
    }
    text.append(']');
    return this;
  }

  /** A field that holds an object of texts. */
  ObjectText texts(String name, Map<String, String> values) {
    name(name).append('{');
    String separator = "";
    for (Map.Entry<String, String> value : values.entrySet()) {
      text.append(separator).append(quoted(value.getKey())).append(':');
      text.append(quoted(value.getValue()));
      separator = ",";
    }
    text.append('}');
    return this;
  }

  String end() {
    return text.append('}').toString();
  }

  static String quoted(String value) {
    var quoted = new StringBuilder(value.length() + 2).append('"');
    QUOTES.quoteAsString(value, quoted);
    return quoted.append('"').toString();
  }

  private StringBuilder name(String name) {
    if (text.length() > 1) {
      text.append(',');
    }
    return text.append('"').append(name).append("\":");
  }
}

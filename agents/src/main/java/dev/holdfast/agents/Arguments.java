package dev.holdfast.agents;

import java.util.Map;
import java.util.TreeMap;

/** The arguments of a tool call as a model writes them. */
final class Arguments {
  private Arguments() {}

  /** Reads a JSON object; an empty text is one without properties. */
  static Map<String, Object> read(String text) throws Json.Malformed {
    Object value = text.isBlank() ? Map.of() : Json.read(text);
    if (!(value instanceof Map<?, ?> object)) {
      throw new Json.Malformed("the arguments must be one JSON object");
    }
    var arguments = new TreeMap<String, Object>();
    object.forEach((name, each) -> arguments.put(String.valueOf(name), each));
    return arguments;
  }
}

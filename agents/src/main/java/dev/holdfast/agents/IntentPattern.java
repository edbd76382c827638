package dev.holdfast.agents;

import dev.holdfast.journal.Intent;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** The business fact behind a tool: a name and the parameters that tell one from another. */
record IntentPattern(Intent.Scope scope, String name, List<String> parameters) {
  /** Reads {@code name:{parameter}:{parameter}}. */
  static IntentPattern parse(Intent.Scope scope, String text, Set<String> required) {
    String[] parts = text.split(":", -1);
    List<String> parameters = Stream.of(parts).skip(1).map(part -> inner(text, part)).toList();
    for (String parameter : parameters) {
      if (!required.contains(parameter)) {
        throw new IllegalArgumentException(
            "The intent '%s' names '%s', which is no required parameter. Required are: %s."
                .formatted(text, parameter, String.join(", ", required)));
      }
    }
    if (parts[0].isBlank() || parts[0].contains("{")) {
      throw malformed(text);
    }
    return new IntentPattern(scope, parts[0], parameters);
  }

  private static String inner(String text, String part) {
    if (!part.startsWith("{") || !part.endsWith("}") || part.length() < 3) {
      throw malformed(text);
    }
    return part.substring(1, part.length() - 1);
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "The intent '%s' is not of the form name:{parameter}:{parameter}.".formatted(text));
  }

  Object[] values(Map<String, Object> arguments) {
    return parameters.stream()
        .map(name -> Objects.requireNonNull(arguments.get(name), name))
        .toArray();
  }
}

package dev.holdfast.agents;

import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNullSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One comparison of a JSON value with a schema: what does not fit, by path. */
final class SchemaCheck {
  private static final int PROBLEMS_MAX = 10;

  /** Schemas may come from strangers: one that refers to itself must not go round for ever. */
  private static final int DEPTH_MAX = 100;

  private static final int CHECKS_MAX = 100_000;

  private final Map<String, JsonSchemaElement> definitions;
  private final List<String> problems = new ArrayList<>();
  private final AtomicInteger checks;
  private int depth;

  private SchemaCheck(Map<String, JsonSchemaElement> definitions, AtomicInteger checks, int depth) {
    this.definitions = definitions;
    this.checks = checks;
    this.depth = depth;
  }

  /** The first problems, at most ten; none where the value fits. */
  static List<String> problems(JsonObjectSchema schema, @Nullable Object value) {
    var definitions = schema.definitions();
    var check =
        new SchemaCheck(definitions == null ? Map.of() : definitions, new AtomicInteger(), 0);
    check.check("", schema, value);
    return check.problems.subList(0, Math.min(PROBLEMS_MAX, check.problems.size()));
  }

  private void check(String path, JsonSchemaElement schema, @Nullable Object value) {
    if (checks.incrementAndGet() > CHECKS_MAX || depth >= DEPTH_MAX) {
      problems.add(path + ": too deep or too much to be checked");
      return;
    }
    depth++;
    checkKind(path, schema, value);
    depth--;
  }

  private void checkKind(String path, JsonSchemaElement schema, @Nullable Object value) {
    switch (schema) {
      case JsonObjectSchema object -> checkObject(path, object, value);
      case JsonArraySchema array -> checkArray(path, array, value);
      case JsonStringSchema text -> expect(path, "a string", value, value instanceof String);
      case JsonBooleanSchema flag -> expect(path, "true or false", value, value instanceof Boolean);
      case JsonIntegerSchema whole -> expect(path, "an integer", value, isInteger(value));
      case JsonNumberSchema number -> expect(path, "a number", value, value instanceof Number);
      case JsonNullSchema nothing -> expect(path, "null", value, value == null);
      case JsonEnumSchema choice -> checkEnum(path, choice, value);
      case JsonAnyOfSchema any -> checkAny(path, any, value);
      case JsonReferenceSchema reference -> checkReference(path, reference, value);
      // A raw schema is the provider's to check.
      default -> {}
    }
  }

  private void checkObject(String path, JsonObjectSchema schema, @Nullable Object value) {
    if (!(value instanceof Map<?, ?> object)) {
      expect(path, "an object", value, false);
      return;
    }
    List<String> required = schema.required() == null ? List.of() : schema.required();
    required.stream()
        .filter(name -> object.get(name) == null)
        .forEach(name -> problems.add(join(path, name) + ": required, but missing"));
    var properties = schema.properties();
    object.forEach((name, each) -> checkProperty(path, schema, String.valueOf(name), each));
    if (properties.isEmpty() && path.isEmpty() && !object.isEmpty()) {
      problems.add("this tool takes no arguments");
    }
  }

  private void checkProperty(
      String path, JsonObjectSchema schema, String name, @Nullable Object value) {
    JsonSchemaElement property = schema.properties().get(name);
    if (property != null) {
      if (value != null) {
        check(join(path, name), property, value);
      }
      return;
    }
    boolean isOpen = schema.properties().isEmpty();
    if (!isOpen && !Boolean.TRUE.equals(schema.additionalProperties())) {
      problems.add(
          "%s: unknown; known are %s"
              .formatted(join(path, name), String.join(", ", schema.properties().keySet())));
    }
  }

  private void checkArray(String path, JsonArraySchema schema, @Nullable Object value) {
    if (!(value instanceof List<?> list)) {
      expect(path, "an array", value, false);
      return;
    }
    for (int i = 0; i < list.size() && schema.items() != null; i++) {
      check(path + "[" + i + "]", schema.items(), list.get(i));
    }
  }

  private void checkEnum(String path, JsonEnumSchema schema, @Nullable Object value) {
    boolean fits = value instanceof String text && schema.enumValues().contains(text);
    expect(path, "one of " + String.join(", ", schema.enumValues()), value, fits);
  }

  private void checkAny(String path, JsonAnyOfSchema schema, @Nullable Object value) {
    boolean fits = schema.anyOf().stream().anyMatch(each -> fits(each, value));
    expect(path, "one of the allowed forms", value, fits);
  }

  private boolean fits(JsonSchemaElement schema, @Nullable Object value) {
    var check = new SchemaCheck(definitions, checks, depth);
    check.check("", schema, value);
    return check.problems.isEmpty();
  }

  private void checkReference(String path, JsonReferenceSchema schema, @Nullable Object value) {
    JsonSchemaElement target = definitions.get(schema.reference());
    if (target != null) {
      check(path, target, value);
    }
  }

  private void expect(String path, String expected, @Nullable Object value, boolean fits) {
    if (!fits) {
      String where = path.isEmpty() ? "" : path + ": ";
      problems.add("%sexpected %s, got %s".formatted(where, expected, nameOf(value)));
    }
  }

  private static boolean isInteger(@Nullable Object value) {
    return value instanceof Integer
        || value instanceof Long
        || value instanceof BigInteger
        || (value instanceof BigDecimal number && number.stripTrailingZeros().scale() <= 0);
  }

  private static String nameOf(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Map<?, ?> map -> "an object";
      case List<?> list -> "an array";
      case Boolean flag -> "a boolean";
      case Number number -> "the number " + number;
      case String text when text.length() <= 40 -> "the string \"" + text + "\"";
      default -> "a string";
    };
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}

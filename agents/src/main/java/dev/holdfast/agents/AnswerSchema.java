package dev.holdfast.agents;

import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import dev.langchain4j.model.output.structured.Description;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.time.temporal.Temporal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The schema of a record that a model is to answer with.
 *
 * <p>Every component is required but {@link Optional} ones; dates and times are ISO 8601 texts.
 */
final class AnswerSchema {
  private static final int DEPTH_MAX = 8;
  private static final Set<Class<?>> WHOLE =
      Set.of(
          byte.class,
          Byte.class,
          short.class,
          Short.class,
          int.class,
          Integer.class,
          long.class,
          Long.class,
          BigInteger.class);
  private static final Set<Class<?>> FRACTIONAL = Set.of(float.class, double.class);

  private AnswerSchema() {}

  static JsonObjectSchema of(Class<?> type) {
    if (!type.isRecord() || type.getRecordComponents().length == 0) {
      throw new IllegalArgumentException(
          "An agent answers with String or a record that has components, not %s. Wrap it in a"
                  .formatted(type.getSimpleName())
              + " record.");
    }
    return ofRecord(type, type, "", 0);
  }

  private static JsonObjectSchema ofRecord(
      Class<?> root, Class<?> type, String description, int depth) {
    if (depth > DEPTH_MAX) {
      throw unfit(root, type, "nests deeper than %d levels".formatted(DEPTH_MAX));
    }
    var properties = new LinkedHashMap<String, JsonSchemaElement>();
    for (RecordComponent component : type.getRecordComponents()) {
      properties.put(
          component.getName(),
          element(
              root, component.getGenericType(), describe(type, component.getName()), depth + 1));
    }
    var required =
        Stream.of(type.getRecordComponents())
            .filter(component -> component.getType() != Optional.class)
            .map(RecordComponent::getName)
            .toList();
    return JsonObjectSchema.builder()
        .description(description.isEmpty() ? null : description)
        .addProperties(properties)
        .required(required)
        .additionalProperties(false)
        .build();
  }

  /** LangChain4j's annotation has fields for targets, and a component's field carries it. */
  private static String describe(Class<?> type, String component) {
    try {
      return text(type.getDeclaredField(component));
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("A record has a field for each component.", e);
    }
  }

  private static String text(AnnotatedElement element) {
    return Optional.ofNullable(element.getAnnotation(Description.class))
        .map(found -> String.join(" ", found.value()))
        .orElse("");
  }

  private static JsonSchemaElement element(
      Class<?> root, Type type, String description, int depth) {
    String told = description.isEmpty() ? null : description;
    Class<?> raw = raw(root, type);
    if (raw == Optional.class || Collection.class.isAssignableFrom(raw)) {
      var inner =
          element(root, argument(root, type), raw == Optional.class ? description : "", depth);
      return raw == Optional.class
          ? inner
          : JsonArraySchema.builder().description(told).items(inner).build();
    }
    if (raw.isRecord()) {
      return ofRecord(root, raw, description, depth);
    }
    if (raw.isEnum()) {
      List<String> names =
          Stream.of(raw.getEnumConstants()).map(each -> ((Enum<?>) each).name()).toList();
      return JsonEnumSchema.builder().description(told).enumValues(names).build();
    }
    if (Map.class.isAssignableFrom(raw)) {
      return JsonObjectSchema.builder().description(told).build();
    }
    return scalar(root, raw, told);
  }

  private static JsonSchemaElement scalar(Class<?> root, Class<?> raw, @Nullable String told) {
    if (raw == String.class || Temporal.class.isAssignableFrom(raw)) {
      return JsonStringSchema.builder().description(told).build();
    }
    if (raw == boolean.class || raw == Boolean.class) {
      return JsonBooleanSchema.builder().description(told).build();
    }
    if (WHOLE.contains(raw)) {
      return JsonIntegerSchema.builder().description(told).build();
    }
    if (FRACTIONAL.contains(raw) || Number.class.isAssignableFrom(raw)) {
      return JsonNumberSchema.builder().description(told).build();
    }
    throw unfit(root, raw, "is no text, number, boolean, enum, list, map or record");
  }

  private static Class<?> raw(Class<?> root, Type type) {
    return switch (type) {
      case Class<?> raw -> raw;
      case ParameterizedType generic -> (Class<?>) generic.getRawType();
      default -> throw unfit(root, Object.class, "has a type that is only known at run time");
    };
  }

  private static Type argument(Class<?> root, Type type) {
    if (type instanceof ParameterizedType generic) {
      return generic.getActualTypeArguments()[0];
    }
    throw unfit(root, raw(root, type), "does not say what it holds");
  }

  private static IllegalArgumentException unfit(Class<?> root, Class<?> part, String why) {
    return new IllegalArgumentException(
        "An agent cannot answer with %s: its part %s %s."
            .formatted(root.getSimpleName(), part.getSimpleName(), why));
  }
}

package dev.holdfast.agents;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** JSON as models write and read it, in the form of maps, lists, texts, numbers and booleans. */
final class Json {
  /** A number beyond this many digits before or after its point would flood whoever prints it. */
  private static final int SCALE_MAX = 1_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModules(new Jdk8Module(), new JavaTimeModule())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(JsonParser.Feature.ALLOW_COMMENTS)
          .build();

  private Json() {}

  /** A text that is no JSON, said in words that a model can use. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  /** Reads one value and nothing behind it. */
  static @Nullable Object read(String text) throws Malformed {
    try {
      Object value = MAPPER.readValue(text, Object.class);
      checkNumbers(value);
      return value;
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      String where =
          at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
      throw new Malformed(e.getOriginalMessage() + where);
    }
  }

  private static void checkNumbers(@Nullable Object value) throws Malformed {
    if (value instanceof Map<?, ?> map) {
      for (Object each : map.values()) {
        checkNumbers(each);
      }
    } else if (value instanceof Iterable<?> list) {
      for (Object each : list) {
        checkNumbers(each);
      }
    } else if (value instanceof BigDecimal number && Math.abs((long) number.scale()) > SCALE_MAX) {
      throw new Malformed("a number has more than %,d places".formatted(SCALE_MAX));
    }
  }

  /** Writes a value with sorted keys. */
  static String write(@Nullable Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "A value cannot be written as JSON: " + e.getClass().getSimpleName(), e);
    }
  }

  /**
   * Turns maps and lists into a typed value.
   *
   * @throws IllegalArgumentException where the value does not fit the type
   */
  static @Nullable Object bind(@Nullable Object value, Type type) {
    return MAPPER.convertValue(value, MAPPER.constructType(type));
  }

  /** The JSON form of a schema, keys sorted. */
  static Object schema(JsonObjectSchema schema) {
    String json = ToolSpecification.builder().name("schema").parameters(schema).build().toJson();
    try {
      return read(json) instanceof Map<?, ?> map
          ? Objects.requireNonNullElse(map.get("parameters"), Map.of())
          : Map.of();
    } catch (Malformed e) {
      throw new IllegalStateException("LangChain4j wrote a schema that is no JSON.", e);
    }
  }

  /** The first 16 bytes of the text's SHA-256, in hexadecimal. */
  static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java runtime lacks SHA-256, which every one has.", e);
    }
  }
}

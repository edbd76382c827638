package dev.holdfast.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.spi.Codec;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import java.io.IOException;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Values, entries, messages and facts as JSON that a person can read; safe for use by many threads.
 *
 * <p>Values may be records, strings, numbers, booleans, enums, {@code java.time} types, optionals,
 * collections, maps with string keys, and what Jackson's own annotations describe. Fields that a
 * record does not have are skipped on reading; names of classes are neither written nor read. Sets
 * without an order are written sorted. Errors are {@link IllegalArgumentException}s that never show
 * a value.
 *
 * <p>The canonical form is RFC 8785 (keys in the order of UTF-16 code units, its string escapes),
 * except that numbers keep every significant digit and are printed without an exponent, and that
 * fields of objects that are null, false or zero are left out: {@code {"b":1.50,"a":0}} becomes
 * {@code {"b":1.5}}.
 */
public final class JsonCodec implements Codec {
  /**
   * The format of entries, messages and facts that this version writes, and the newest that it
   * reads. It grows with every new kind of entry and every new field.
   */
  public static final int ENTRY_FORMAT = 1;

  private static final JsonCodec STANDARD = new JsonCodec();
  private final JsonFactory factory = ValueMapper.factory();
  private final JsonMapper mapper = ValueMapper.mapper(factory);
  private final JsonMapper withoutIncidental = ValueMapper.withoutIncidental(mapper);
  private final EntryReader reader = new EntryReader(factory);

  private JsonCodec() {}

  /** The codec that every store uses. */
  public static JsonCodec standard() {
    return STANDARD;
  }

  @Override
  public Payload encode(@Nullable Object value) {
    return switch (value) {
      case null -> Payload.NULL;
      case String text -> new Payload(PlainText.quoted(text));
      case Integer number -> new Payload(number.toString());
      default -> new Payload(json(mapper, value));
    };
  }

  @Override
  public @Nullable Object decode(Payload payload, Type type) {
    if (type == String.class && PlainText.isSimple(payload.text())) {
      return PlainText.unescaped(payload.text());
    }
    try {
      return mapper.readerFor(mapper.constructType(type)).readValue(payload.text());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          ("Cannot decode a payload of %,d characters as %s%s (%s)."
                  + " Give the type back the fields that it was recorded with,"
                  + " or register the changed workflow under a new version.")
              .formatted(payload.text().length(), type.getTypeName(), place(e), causeName(e)));
    }
  }

  @Override
  public String canonical(Payload payload) {
    if (PlainText.isPlain(payload.text()) || PlainText.isWhole(payload.text())) {
      return payload.text();
    }
    try {
      return CanonicalText.of(factory, payload.text());
    } catch (JsonProcessingException e) {
      throw notCanonical(payload, causeName(e));
    } catch (IOException | IllegalArgumentException e) {
      throw notCanonical(payload, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String canonicalInput(@Nullable Object value) {
    return canonical(value == null ? Payload.NULL : new Payload(json(withoutIncidental, value)));
  }

  @Override
  public String write(Entry entry) {
    return CanonicalText.withoutLoneSurrogates(EntryWriter.write(entry));
  }

  @Override
  public Entry read(String text) {
    try {
      return reader.entry(text);
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw unreadable("an entry", text, e);
    }
  }

  /** Encodes a message, without a line break. */
  public String write(Message message) {
    return CanonicalText.withoutLoneSurrogates(EntryWriter.write(message));
  }

  /** Decodes a message that {@link #write(Message)} encoded. */
  public Message readMessage(String text) {
    try {
      return reader.message(text);
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw unreadable("a message", text, e);
    }
  }

  /** Encodes a fact of the ledger, without a line break; people and scripts may read it, too. */
  public String write(Fact fact) {
    return CanonicalText.withoutLoneSurrogates(EntryWriter.write(fact));
  }

  /** Decodes a fact that {@link #write(Fact)} encoded. */
  public Fact readFact(String text) {
    try {
      return reader.fact(text);
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw unreadable("a fact", text, e);
    }
  }

  /** An entry at its place as one JSON object, for people and scripts. */
  public String json(Recorded recorded) {
    return new ObjectText(256)
        .field("sequence", recorded.sequence())
        .field("epoch", recorded.epoch())
        .field("at", recorded.at().toString())
        .raw("entry", write(recorded.entry()))
        .end();
  }

  /** A run as one JSON object, for people and scripts. */
  public String json(RunState state) {
    var object =
        new ObjectText(256)
            .field("id", state.id().text())
            .field("workflow", state.workflow())
            .field("version", state.version())
            .field("status", state.status())
            .field("epoch", state.epoch());
    state.readyAt().ifPresent(readyAt -> object.field("readyAt", readyAt.toString()));
    state.queue().ifPresent(queue -> object.field("queue", queue));
    state.session().ifPresent(session -> object.field("session", session));
    return object
        .field("startedAt", state.startedAt().toString())
        .field("changedAt", state.changedAt().toString())
        .field("inputDigest", state.inputDigest())
        .end();
  }

  /** Decodes an entry at its place that {@link #json(Recorded)} encoded. */
  public Recorded readRecorded(String text) {
    try {
      return reader.recorded(text);
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw unreadable("an entry at its place", text, e);
    }
  }

  /** Decodes a run that {@link #json(RunState)} encoded. */
  public RunState readRun(String text) {
    try {
      return reader.run(text);
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw unreadable("a run", text, e);
    }
  }

  private static String json(JsonMapper mapper, Object value) {
    try {
      return CanonicalText.withoutLoneSurrogates(mapper.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          ("Cannot encode a %s%s (%s). Use records of strings, numbers, times, collections"
                  + " and further records, or describe the type by Jackson's annotations.")
              .formatted(value.getClass().getTypeName(), place(e), causeName(e)));
    }
  }

  /** Where in a value Jackson stopped: fields only, because the keys of a map are data. */
  private static String place(JsonProcessingException failure) {
    if (!(failure instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
      return "";
    }
    return mapping.getPath().stream()
        .map(JsonCodec::step)
        .collect(Collectors.joining(".", " at ", ""));
  }

  private static String step(JsonMappingException.Reference reference) {
    Object from = reference.getFrom();
    if (from == null || reference.getFieldName() == null) {
      return "element";
    }
    Class<?> type = from instanceof Class<?> named ? named : from.getClass();
    return Map.class.isAssignableFrom(type)
        ? "element"
        : type.getSimpleName() + "." + reference.getFieldName();
  }

  /** The name alone: Jackson's messages quote what they could not read. */
  private static String causeName(JsonProcessingException failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getClass().getSimpleName();
  }

  private static IllegalArgumentException notCanonical(Payload payload, String problem) {
    return new IllegalArgumentException(
        "A payload of %,d characters has no canonical form: %s. Encode values with this codec only."
            .formatted(payload.text().length(), problem));
  }

  private static IllegalArgumentException unreadable(String what, String text, Exception failure) {
    String problem =
        failure instanceof JsonProcessingException json
            ? causeName(json)
            : String.valueOf(failure.getMessage());
    return new IllegalArgumentException(
        ("Cannot read %s of %,d characters: %s."
                + " Open the store with the version that wrote it, or restore a backup.")
            .formatted(what, text.length(), problem));
  }
}

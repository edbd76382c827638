package dev.holdfast.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * The two texts of a JSON value: as the shop's tools print it, and the canonical one for hashes.
 */
final class JsonText {
  private static final int CANONICAL_DECIMALS = 6;

  private final boolean canonical;
  private final StringBuilder out = new StringBuilder(2048);

  private JsonText(boolean canonical) {
    this.canonical = canonical;
  }

  /** Keys in their own order, blanks after commas and colons, ASCII only, doubles shortest. */
  static String printed(JsonNode value) {
    return new JsonText(false).write(value).out.toString();
  }

  /** Keys sorted, no blanks, numbers rounded half-even to 6 decimals without trailing zeros. */
  static String canonical(JsonNode value) {
    return new JsonText(true).write(value).out.toString();
  }

  /** The SHA-256 of the canonical text in UTF-8, as lower-case hex. */
  static String hash(JsonNode value) {
    byte[] text = canonical(value).getBytes(StandardCharsets.UTF_8);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java platform has SHA-256.", impossible);
    }
  }

  private JsonText write(JsonNode value) {
    switch (value.getNodeType()) {
      case OBJECT -> writeObject(value);
      case ARRAY -> writeArray(value);
      case STRING -> writeString(value.textValue());
      case NUMBER -> out.append(canonical ? rounded(value) : number(value));
      case BOOLEAN, NULL -> out.append(value.asText());
      case BINARY, MISSING, POJO ->
          throw new IllegalArgumentException(value.getNodeType() + " has no JSON text");
    }
    return this;
  }

  private void writeObject(JsonNode object) {
    List<String> names = new ArrayList<>(object.size());
    object.fieldNames().forEachRemaining(names::add);
    if (canonical) {
      Collections.sort(names);
    }
    out.append('{');
    for (int i = 0; i < names.size(); i++) {
      separate(i);
      writeString(names.get(i));
      out.append(canonical ? ":" : ": ");
      write(object.required(names.get(i)));
    }
    out.append('}');
  }

  private void writeArray(JsonNode array) {
    out.append('[');
    for (int i = 0; i < array.size(); i++) {
      separate(i);
      write(array.required(i));
    }
    out.append(']');
  }

  private void separate(int index) {
    if (index > 0) {
      out.append(canonical ? "," : ", ");
    }
  }

  private void writeString(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      writeCharacter(text.charAt(i));
    }
    out.append('"');
  }

  private void writeCharacter(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      default -> {
        if (c < ' ' || (!canonical && c > '~')) {
          out.append(String.format("\\u%04x", (int) c));
        } else {
          out.append(c);
        }
      }
    }
  }

  private static String rounded(JsonNode number) {
    BigDecimal value = number.decimalValue().setScale(CANONICAL_DECIMALS, RoundingMode.HALF_EVEN);
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  private static String number(JsonNode number) {
    return number.isIntegralNumber() ? number.asText() : number(number.doubleValue());
  }

  /** The shortest text that reads back as this double, with at least one decimal: {@code 60.0}. */
  static String number(double value) {
    double size = Math.abs(value);
    if (value == 0 || (size >= 1e-4 && size < 1e16)) {
      String plain = new BigDecimal(Double.toString(value)).toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    return Double.toString(value).replace(".0E", "E").replace('E', 'e');
  }
}

package dev.holdfast.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.TreeMap;

/**
 * The one text of a JSON value that identity is computed from.
 *
 * <p>RFC 8785 with three differences: numbers keep every significant digit and are printed without
 * an exponent; object fields that are null, false or zero are left out; a lone surrogate is escaped
 * instead of refused.
 */
final class CanonicalText {
  private static final int PLAIN_DIGITS_MAX = 10_000;
  private static final String HEX = "0123456789abcdef";

  private CanonicalText() {}

  static String of(JsonFactory factory, String json) throws IOException {
    try (JsonParser parser = factory.createParser(json)) {
      if (parser.nextToken() == null) {
        throw new IllegalArgumentException("it is empty");
      }
      var text = new StringBuilder(json.length());
      append(parser, text);
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("something follows its end");
      }
      return text.toString();
    }
  }

  private static void append(JsonParser parser, StringBuilder text) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      appendObject(parser, text);
    } else if (token == JsonToken.START_ARRAY) {
      appendArray(parser, text);
    } else if (token == JsonToken.VALUE_STRING) {
      quote(parser.getText(), text);
    } else if (token.isNumeric()) {
      text.append(plain(parser.getText()));
    } else {
      text.append(parser.getText());
    }
  }

  private static void appendObject(JsonParser parser, StringBuilder text) throws IOException {
    // String's natural order is the order of UTF-16 code units, as RFC 8785 wants it.
    var members = new TreeMap<String, String>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      var value = new StringBuilder();
      append(parser, value);
      if (members.put(name, value.toString()) != null) {
        throw new IllegalArgumentException("it has an object with a field twice");
      }
    }
    text.append('{');
    members.forEach((name, value) -> {
      if (!isAbsent(value)) {
        if (text.charAt(text.length() - 1) != '{') {
          text.append(',');
        }
        quote(name, text);
        text.append(':').append(value);
      }
    });
    text.append('}');
  }

  private static void appendArray(JsonParser parser, StringBuilder text) throws IOException {
    text.append('[');
    for (boolean first = true; parser.nextToken() != JsonToken.END_ARRAY; first = false) {
      text.append(first ? "" : ",");
      append(parser, text);
    }
    text.append(']');
  }

  private static boolean isAbsent(String canonical) {
    return canonical.equals("null") || canonical.equals("false") || canonical.equals("0");
  }

  private static String plain(String number) {
    if (number.equals("-0")) {
      return "0";
    }
    if (number.chars().allMatch(digit -> digit == '-' || Character.isDigit(digit))) {
      return number;
    }
    var decimal = new BigDecimal(number).stripTrailingZeros();
    if (Math.abs((long) decimal.scale()) > PLAIN_DIGITS_MAX) {
      throw new IllegalArgumentException(
          "it has a number with more than %,d digits".formatted(PLAIN_DIGITS_MAX));
    }
    return decimal.toPlainString();
  }

  static void quote(String value, StringBuilder text) {
    text.append('"');
    int done = 0;
    for (int i = 0; i < value.length(); i++) {
      char unit = value.charAt(i);
      if (unit < ' ' || unit == '"' || unit == '\\') {
        text.append(value, done, i);
        quote(unit, text);
        done = i + 1;
      }
    }
    text.append(value, done, value.length()).append('"');
  }

  private static void quote(char unit, StringBuilder text) {
    switch (unit) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case '\b' -> text.append("\\b");
      case '\t' -> text.append("\\t");
      case '\n' -> text.append("\\n");
      case '\f' -> text.append("\\f");
      case '\r' -> text.append("\\r");
      default -> escape(unit, text);
    }
  }

  private static void escape(char unit, StringBuilder text) {
    text.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      text.append(HEX.charAt((unit >> shift) & 0xf));
    }
  }

  /** Escapes the surrogates without a partner, which no UTF-8 text can hold. */
  static String withoutLoneSurrogates(String json) {
    int first = loneSurrogate(json, 0);
    if (first < 0) {
      return json;
    }
    var text = new StringBuilder(json.length() + 16);
    int from = 0;
    for (int i = first; i >= 0; i = loneSurrogate(json, from)) {
      text.append(json, from, i);
      escape(json.charAt(i), text);
      from = i + 1;
    }
    return text.append(json, from, json.length()).toString();
  }

  private static int loneSurrogate(String text, int from) {
    int at = from;
    while (at < text.length()) {
      int point = text.codePointAt(at);
      if (Character.MIN_SURROGATE <= point && point <= Character.MAX_SURROGATE) {
        return at;
      }
      at += Character.charCount(point);
    }
    return -1;
  }
}

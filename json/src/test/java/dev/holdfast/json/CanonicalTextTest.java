package dev.holdfast.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Payload;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalTextTest {
  private final JsonCodec codec = JsonCodec.standard();

  record Line(String sku, int count, Optional<String> note) {}

  record Request(String order, List<Line> lines, @Incidental String traceId, boolean express) {}

  record Price(BigDecimal amount) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12345678901234567890123456789|12345678901234567890123456789",
        "0.12345678901234567890123456789|0.12345678901234567890123456789",
        "1E+3|1000",
        "1.0E10|10000000000",
        "1.50|1.5",
        "-0|0",
        "-0.0|0",
        "0e0|0",
        "1e-7|0.0000001",
        "-12.0|-12"
      })
  void numbersArePlainAndKeepEverySignificantDigit(String written, String canonical) {
    assertThat(canonical(written)).isEqualTo(canonical);
  }

  @Test
  void keysAreSortedByTheirUtf16Units() {
    // The order that RFC 8785, section 3.2.3, gives for these keys.
    var object = new TreeMap<String, String>(java.util.Comparator.reverseOrder());
    for (String key : List.of("€", "\r", "\uFB33", "1", "😀", "\u0080", "ö")) {
      object.put(key, "v");
    }

    assertThat(codec.canonical(codec.encode(object)))
        .isEqualTo(
            "{\"\\r\":\"v\",\"1\":\"v\",\"\u0080\":\"v\",\"ö\":\"v\",\"€\":\"v\","
                + "\"😀\":\"v\",\"\uFB33\":\"v\"}");
  }

  @Test
  void stringsUseTheEscapesOfTheRfc() {
    assertThat(canonical("\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\""))
        .isEqualTo("\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
    assertThat(canonical("\"\\b\\t\\f\\r\\u007f\"")).isEqualTo("\"\\b\\t\\f\\r\u007f\"");
  }

  @Test
  void absentFieldsEqualNullFalseAndZero() {
    assertThat(canonical("{\"b\":null,\"a\":{\"x\":false,\"y\":0.00,\"z\":1},\"c\":-0}"))
        .isEqualTo("{\"a\":{\"z\":1}}");
    assertThat(canonical("{\"text\":\"\",\"list\":[],\"object\":{}}"))
        .isEqualTo("{\"list\":[],\"object\":{},\"text\":\"\"}");
  }

  @Test
  void elementsOfArraysAreKept() {
    assertThat(canonical(" [ null , false,0, {\"a\":0} ,[ ] ] ")).isEqualTo("[null,false,0,{},[]]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "true", "false", "\"text\"", "17"})
  void scalarsStandForThemselves(String scalar) {
    assertThat(canonical(scalar)).isEqualTo(scalar);
  }

  @Test
  void theCanonicalFormIsItsOwnCanonicalForm() {
    String once = canonical("{\"b\":[1.10,\"\\ud800\",{\"z\":1e2,\"y\":null}],\"a\":\"\\u0001\"}");

    assertThat(canonical(once)).isEqualTo(once);
  }

  @Test
  void valuesThatMeanTheSameHaveTheSameForm() {
    assertThat(codec.canonical(codec.encode(new Price(new BigDecimal("1E+2")))))
        .isEqualTo(codec.canonical(codec.encode(Map.of("amount", 100))));
  }

  @Test
  void incidentalComponentsAreNoPartOfARunsInput() {
    var first = new Request("o-1", List.of(new Line("s", 2, Optional.empty())), "trace-1", false);
    var second = new Request("o-1", List.of(new Line("s", 2, Optional.empty())), "trace-2", false);

    assertThat(codec.canonicalInput(first))
        .isEqualTo(codec.canonicalInput(second))
        .isEqualTo("{\"lines\":[{\"count\":2,\"sku\":\"s\"}],\"order\":\"o-1\"}");
    assertThat(codec.canonical(codec.encode(first))).contains("trace-1");
    assertThat(codec.canonicalInput(List.of(Map.of("request", first)))).doesNotContain("trace");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"a\":1,\"a\":2}", "{} []", "[1", "1e100000", "{\"a\" 1}"})
  void whatIsNoSingleJsonValueIsRefusedWithoutShowingIt(String text) {
    assertThatThrownBy(() -> canonical(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no canonical form")
        .hasNoCause();
  }

  private String canonical(String text) {
    return codec.canonical(new Payload(text));
  }
}

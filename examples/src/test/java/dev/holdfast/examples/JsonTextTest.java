package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonTextTest {
  @Test
  void thePrintedTextKeepsTheOrderAndIsAscii() {
    JsonNode value = SmallShop.json("{\"b\":[1,2.50,true,null],\"a\":\"é\\u0001\\n\"}");
    assertThat(JsonText.printed(value))
        .isEqualTo("{\"b\": [1, 2.5, true, null], \"a\": \"\\u00e9\\u0001\\n\"}");
  }

  @Test
  void theCanonicalTextIsSortedWithoutBlanksAndNotEscaped() {
    assertThat(JsonText.canonical(SmallShop.json("{ \"b\": [1, {}], \"a\": \"é\\\"\\\\\\t\" }")))
        .isEqualTo("{\"a\":\"é\\\"\\\\\\t\",\"b\":[1,{}]}");
  }

  @ParameterizedTest
  @CsvSource({
    "60, 60",
    "60.0, 60",
    "60.0000000001, 60",
    "-0.0, 0",
    "-0.0000001, 0",
    "0.1234565, 0.123456",
    "1.5e3, 1500",
    "1e20, 100000000000000000000",
    "0.20999999999999375, 0.21",
    "-3.50, -3.5",
  })
  void canonicalNumbersHaveSixDecimalsAtMost(String number, String canonical) {
    assertThat(JsonText.canonical(SmallShop.json(number))).isEqualTo(canonical);
  }

  @ParameterizedTest
  @CsvSource({
    "60, 60.0",
    "-16.63, -16.63",
    "12345678.9, 12345678.9",
    "0.00012, 0.00012",
    "1e16, 1e16",
    "0, 0.0",
  })
  void doublesArePrintedWithADecimal(double number, String text) {
    assertThat(JsonText.number(number)).isEqualTo(text);
  }

  @Test
  void theHashIsThatOfTheCanonicalText() {
    assertThat(JsonText.hash(SmallShop.json(" { } ")))
        .isEqualTo("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  }
}

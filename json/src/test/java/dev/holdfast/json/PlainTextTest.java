package dev.holdfast.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTextTest {
  private static final JsonMapper JACKSON = new JsonMapper();
  private static final String UNITS = "ab \"\\/\b\f\n\r\t\u0001\u001f\u007fé\u2028\ud83d\ude00";

  @Test
  void whatIsWrittenIsWhatAParserReads() throws JsonProcessingException {
    var random = new SplittableRandom(7);
    for (int i = 0; i < 2_000; i++) {
      String text = text(random);
      String json = PlainText.quoted(text);
      assertThat(JACKSON.readValue(json, String.class)).isEqualTo(text);
      assertThat(JsonCodec.standard().decode(JsonCodec.standard().encode(text), String.class))
          .isEqualTo(text);
    }
  }

  @Test
  void whatIsReadWithoutAParserIsWhatAParserReads() throws JsonProcessingException {
    var random = new SplittableRandom(8);
    int simple = 0;
    for (int i = 0; i < 2_000; i++) {
      String json = JACKSON.writeValueAsString(text(random));
      if (PlainText.isSimple(json)) {
        simple++;
        assertThat(PlainText.unescaped(json)).isEqualTo(JACKSON.readValue(json, String.class));
      }
    }
    assertThat(simple).isGreaterThan(100);
  }

  private static String text(SplittableRandom random) {
    var text = new StringBuilder();
    int length = random.nextInt(8);
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(UNITS.codePointAt(random.nextInt(UNITS.length() - 2)));
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"a\\u0041\"", "\"a", "a\"", "\"", "\"a\"b\"", "\"\\\"", "12", "\"a\nb\""})
  void whatNeedsAParserIsLeftToIt(String json) {
    assertThat(PlainText.isSimple(json)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "7", "-7", "1203"})
  void aWholeNumberIsItsOwnCanonicalForm(String json) {
    assertThat(PlainText.isWhole(json)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "-0", "007", "-01", "1.0", "1e3", "null", "+1", "1 "})
  void otherNumbersAreLeftToTheParser(String json) {
    assertThat(PlainText.isWhole(json)).isFalse();
  }
}

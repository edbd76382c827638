package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResultTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\": 1, \"b\": [2]} | {\"b\":[2.0],\"a\":1.0} | true",
        "5.0 | 5 | true",
        "0.1 | 0.1000000001 | true",
        "0.1 | 0.10001 | false",
        "[1, 2] | [2, 1] | false",
        "{\"a\": 1} | {\"a\": 1, \"b\": null} | false",
        "\"5\" | 5 | false",
        "ada | ada | true",
        "ada | Ada | false",
        "Error: a | Error: b | false",
        "'' | null | false",
      })
  void resultsAreComparedAsJsonOrAsText(String recorded, String actual, boolean same) {
    assertThat(ResultText.same(recorded, actual)).isEqualTo(same);
    assertThat(ResultText.same(actual, recorded)).isEqualTo(same);
  }
}

package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunIdTest {
  @ParameterizedTest
  @ValueSource(strings = {"refund-4711", "a", "order/17#2", "Ä ö 漢字", "😀"})
  void takesWhatNamesAFact(String text) {
    assertThat(new RunId(text).text()).isEqualTo(text);
    assertThat(new RunId(text)).hasToString(text).isEqualTo(new RunId(text));
  }

  @Test
  void takesTheLongest() {
    assertThat(new RunId("x".repeat(RunId.LENGTH_MAX)).text()).hasSize(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t", "\u2003"})
  void refusesTheEmptyAndSaysWhatToChoose(String text) {
    assertThatThrownBy(() -> new RunId(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The run id is empty")
        .hasMessageContaining("such as refund-4711");
  }

  @Test
  void refusesTheTooLongWithBothNumbersAndNotTheWholeText() {
    String text = "y".repeat(RunId.LENGTH_MAX + 1);

    assertThatThrownBy(() -> new RunId(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("201 characters > 200 allowed")
        .hasMessageContaining("Shorten it")
        .message()
        .hasSizeLessThan(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\u0000b", "a\u007fb", "a\u001b[31mb"})
  void refusesControlCharactersThatWouldForgeALogLine(String text) {
    assertThatThrownBy(() -> new RunId(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("control character");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\ud83d", "\ude00a", "\ude00\ud83d"})
  void refusesHalvesOfPairsWhichAStoreCouldNotKeepApart(String text) {
    assertThatThrownBy(() -> new RunId(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("surrogate pair");
  }
}

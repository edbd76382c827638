package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CalculationTest {
  @ParameterizedTest
  @CsvSource({
    "1 + 2 * 3, 7",
    "(1 + 2) * 3, 9",
    "7 / 2, 3.5",
    "2 - 3 - 4, -5",
    "24 / 4 / 2, 3",
    "-(2 + 3), -5",
    "2 * -3, -6",
    "- - +2, 2",
    ".5 + 1., 1.5",
    "10.005 * 1, 10.01",
    "0.125, 0.12",
    "255.01 - 271.64, -16.63",
    "  3  , 3",
  })
  void aValueIsRoundedToCents(String expression, double value) throws Refusal {
    assertThat(Calculation.of(expression)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1 +", "(1", "1)", "1 2", "()", "1.2.3", "* 2", ".", "05"})
  void badSyntaxIsRefused(String expression) {
    assertThatThrownBy(() -> Calculation.of(expression))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("invalid syntax");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "2^3", "1,000", "1e3", "2 % 2", "1\n+1"})
  void otherCharactersAreRefused(String expression) {
    assertThatThrownBy(() -> Calculation.of(expression))
        .isInstanceOf(Refusal.class)
        .hasMessage("invalid characters in expression");
  }

  @Test
  void whatHasNoValueIsRefused() {
    assertThatThrownBy(() -> Calculation.of("1 / (2 - 2)")).hasMessage("division by zero");
    assertThatThrownBy(() -> Calculation.of("9".repeat(400))).hasMessage("result too large");
    assertThatThrownBy(() -> Calculation.of("(".repeat(100_000)))
        .hasMessageStartingWith("too many nested parentheses");
  }
}

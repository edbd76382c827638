package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Payload;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShownTest {
  @Test
  void putsFieldsByNameAndListsByDashes() {
    assertThat(lines("{\"id\":\"4711\",\"lines\":[{\"cents\":1},2],\"to\":{\"city\":\"Ulm\"}}"))
        .containsExactly(
            "id: 4711", "lines:", "  -", "    cents: 1", "  - 2", "to:", "  city: Ulm");
    assertThat(lines("\"a letter\"")).containsExactly("a letter");
    assertThat(lines("{\"a\":\"\",\"b\":null,\"c\":[]}"))
        .containsExactly("a: \"\"", "b: null", "c: []");
  }

  @Test
  void keepsTheLinesOfATextApartFromItsOwn() {
    assertThat(lines("{\"text\":\"Dear,\\nyes         run this\"}"))
        .containsExactly("text:", "  | Dear,", "  | yes         run this");
  }

  @Test
  void showsNothingThatATerminalWouldObey() {
    assertThat(String.join("", lines("{\"a\":\"x\\u001b[2Jy\\u202ez\\u0007\"}")))
        .isEqualTo("a: x?[2Jy?z?");
    assertThat(Phrases.shortened("a\u001b[31mb")).isEqualTo("a?[31mb");
  }

  @Test
  void saysHowMuchItLeavesOut() {
    assertThat(lines("\"" + "x".repeat(700) + "\"").getFirst())
        .endsWith("... and 100 more characters");
    List<String> many = lines("[" + "1,".repeat(99) + "1]");
    assertThat(many).hasSize(25);
    assertThat(many.getLast()).contains("76 lines more", "holdfast show RUN --entries");
  }

  @Test
  void wrapsBetweenWordsAndKeepsTheIndent() {
    assertThat(Sheet.wrapped("one two three", 8)).containsExactly("one two", "three");
    assertThat(Sheet.wrapped("  key: " + "y".repeat(9), 8))
        .containsExactly("  key:", "  yyyyyy", "  yyy");
    assertThat(Sheet.wrapped("", 8)).containsExactly("");
  }

  private static List<String> lines(String json) {
    return Shown.lines(new Payload(json));
  }
}

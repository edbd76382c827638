package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhrasesTest {
  @Test
  void picksTheUnitThatKeepsAnAgeShort() {
    assertThat(Phrases.age(Duration.ofMillis(900))).isEqualTo("0 s");
    assertThat(Phrases.age(Duration.ofSeconds(59))).isEqualTo("59 s");
    assertThat(Phrases.age(Duration.ofSeconds(60))).isEqualTo("1 min");
    assertThat(Phrases.age(Duration.ofMinutes(119))).isEqualTo("1 h");
    assertThat(Phrases.age(Duration.ofHours(49))).isEqualTo("2 d");
  }

  @Test
  void keepsATextInOneLineOfBoundedLength() {
    assertThat(Phrases.shortened(" a\n  b ")).isEqualTo("a b");
    assertThat(Phrases.shortened("x".repeat(72))).hasSize(72).doesNotContain("...");
    assertThat(Phrases.shortened("x".repeat(73))).hasSize(72).endsWith("...");
  }

  @Test
  void putsTheRepliesOfOwnAndAdoptedAgentsIntoWords() {
    var path = StepPath.ROOT.child("model", "chat", 0);
    String own = "{\"text\":\"Hello\",\"calls\":[]}";
    String asking = "{\"calls\":[{\"tool\":{\"name\":\"refund\"}}]}";

    assertThat(Phrases.result(path, new Payload(own))).isEqualTo("says: Hello");
    assertThat(Phrases.result(path, new Payload("{\"said\":" + own + "}")))
        .isEqualTo("says: Hello");
    assertThat(Phrases.result(path, new Payload("{\"said\":" + asking + "}")))
        .isEqualTo("asks for refund");
  }

  @Test
  void alignsColumnsWhateverTheirColours() {
    var paint = new Paint(true, true);
    List<String> lines =
        new Table().row(paint.good("a"), "1").row("long", paint.bad("2")).row("b").lines();
    assertThat(lines.get(0).replaceAll("\033\\[[0-9;]*m", "")).isEqualTo("a     1");
    assertThat(lines.get(1).replaceAll("\033\\[[0-9;]*m", "")).isEqualTo("long  2");
    assertThat(lines.get(2)).isEqualTo("b");
  }

  @Test
  void quotesWhatAShellWouldTakeApart() {
    assertThat(Remedies.quoted("order-4711")).isEqualTo("order-4711");
    assertThat(Remedies.quoted("effect:pick up#0")).isEqualTo("'effect:pick up#0'");
    assertThat(Remedies.quoted("it's")).isEqualTo("'it'\\''s'");
  }
}

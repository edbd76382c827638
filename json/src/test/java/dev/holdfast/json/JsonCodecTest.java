package dev.holdfast.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.journal.Payload;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonCodecTest {
  private final JsonCodec codec = JsonCodec.standard();

  record Order(
      String id,
      BigDecimal amount,
      Optional<String> note,
      List<Integer> lines,
      Map<String, Long> counts,
      Instant at,
      Duration pause,
      LocalDate due,
      TimeUnit unit) {}

  record Numbers(long whole, double real, BigInteger big, BigDecimal decimal) {}

  record Grown(String id, int count, boolean urgent, @Nullable String note) {}

  record Slim(String id) {}

  record Tagged(Set<String> tags) {}

  record Picky(int count) {
    Picky {
      if (count > 0) {
        throw new IllegalStateException("secret-count " + count);
      }
    }
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
  interface Named {}

  record Harmless(String text) implements Named {}

  @Test
  void aRecordSurvivesTheRoundTrip() {
    var order =
        new Order(
            "o-1",
            new BigDecimal("10.50"),
            Optional.of("gift"),
            List.of(1, 2),
            Map.of("a", 3L),
            Instant.parse("2026-01-02T03:04:05.123456789Z"),
            Duration.ofMillis(1500),
            LocalDate.of(2026, 2, 3),
            TimeUnit.DAYS);

    assertThat(roundTrip(order, Order.class)).isEqualTo(order);
  }

  @Test
  void everyDigitOfANumberSurvives() {
    var numbers =
        new Numbers(
            Long.MIN_VALUE,
            0.1 + 0.2,
            new BigInteger("123456789012345678901234567890"),
            new BigDecimal("-0.000000000000000000000000000012300"));

    assertThat(roundTrip(numbers, Numbers.class)).isEqualTo(numbers);
    assertThat(codec.encode(numbers).text()).doesNotContain("E");
  }

  @Test
  void nullIsNullInBothDirections() {
    assertThat(codec.encode(null)).isEqualTo(Payload.NULL);
    assertThat(codec.decode(Payload.NULL, Order.class)).isNull();
    assertThat(codec.decode(Payload.NULL, Void.class)).isNull();
  }

  @Test
  void textThatUtf8CannotHoldSurvivesAsAnEscape() {
    String cut = "cut emoji \uD83D, whole 😀, low \uDE00\uD83D";

    Payload payload = codec.encode(cut);

    assertThat(payload.text()).contains("\\ud83d,", "😀", "\\ude00\\ud83d");
    assertThat(codec.decode(payload, String.class)).isEqualTo(cut);
  }

  @Test
  void fieldsThatTheTypeLacksAreSkippedAndMissingOnesAreEmpty() {
    var grown = new Payload("{\"id\":\"7\",\"added\":{\"later\":[1]}}");

    assertThat(codec.decode(grown, Slim.class)).isEqualTo(new Slim("7"));
    assertThat(codec.decode(grown, Grown.class)).isEqualTo(new Grown("7", 0, false, null));
  }

  @Test
  void anOffsetSurvives() {
    var time = OffsetDateTime.parse("2026-01-02T03:04:05+05:30");

    assertThat(roundTrip(time, OffsetDateTime.class)).isEqualTo(time);
  }

  @Test
  void setsWithoutAnOrderAreWrittenSorted() {
    assertThat(codec.encode(new Tagged(Set.of("c", "a", "d", "b"))).text())
        .isEqualTo("{\"tags\":[\"a\",\"b\",\"c\",\"d\"]}");
    assertThat(codec.encode(Set.of(new Slim("2"), new Slim("1"))).text())
        .isEqualTo("[{\"id\":\"1\"},{\"id\":\"2\"}]");
  }

  @Test
  void setsWithAnOrderKeepIt() {
    assertThat(codec.encode(new LinkedHashSet<>(List.of("c", "a"))).text())
        .isEqualTo("[\"c\",\"a\"]");
    assertThat(codec.encode(EnumSet.of(TimeUnit.SECONDS, TimeUnit.MICROSECONDS)).text())
        .isEqualTo("[\"MICROSECONDS\",\"SECONDS\"]");
  }

  @Test
  void aNamedClassInDataIsRefused() {
    var hostile =
        new Payload("{\"@class\":\"dev.holdfast.json.JsonCodecTest$Harmless\",\"text\":\"x\"}");

    assertThatThrownBy(() -> codec.decode(hostile, Named.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("JsonCodecTest$Named")
        .hasMessageContaining("Use JsonTypeInfo.Id.NAME");
    assertThatThrownBy(() -> codec.encode(new Harmless("x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Use JsonTypeInfo.Id.NAME");
  }

  @Test
  void aDecodingErrorNamesTypeAndFieldButNotTheValue() {
    var wrong = new Payload("{\"lines\":[1,\"secret-word\"]}");

    assertThatThrownBy(() -> codec.decode(wrong, Order.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Order.class.getName())
        .hasMessageContaining("Order.lines")
        .hasMessageContaining("register the changed workflow under a new version")
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }

  @Test
  void aConstructorThatRefusesIsNamedWithoutItsMessage() {
    assertThatThrownBy(() -> codec.decode(new Payload("{\"count\":5}"), Picky.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("IllegalStateException")
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }

  @Test
  void theKeysOfAMapStayOutOfErrors() {
    var wrong = new Payload("{\"counts\":{\"secret-name\":\"x\"}}");

    assertThatThrownBy(() -> codec.decode(wrong, Order.class))
        .hasMessageContaining("Order.counts.element")
        .hasMessageNotContaining("secret");
  }

  @Test
  void anEncodingErrorNamesTypeAndRemedy() {
    assertThatThrownBy(() -> codec.encode(new Object()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Object")
        .hasMessageContaining("Use records");
  }

  @Test
  void brokenAndTrailingTextIsRefused() {
    for (String broken : List.of("", "{", "{} {}", "nul", "\"a")) {
      assertThatThrownBy(() -> codec.decode(new Payload(broken), Slim.class))
          .as(broken)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aValueOfManyMegabytesSurvives() {
    String large = "0123456789abcdef".repeat(4 << 20);

    assertThat(roundTrip(large, String.class)).isEqualTo(large);
  }

  private @Nullable Object roundTrip(Object value, Type type) {
    return codec.decode(codec.encode(value), type);
  }
}

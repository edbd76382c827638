package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import dev.holdfast.json.JsonCodec;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedEntryTest {
  private final JsonCodec codec = JsonCodec.standard();

  @Test
  void aShortPayloadStandsInTheBody() {
    var entry = new Entry.RunCompleted(text(EncodedEntry.INLINE_MAX));

    EncodedEntry encoded = EncodedEntry.of(codec, Seal.NONE, 0, entry);

    assertThat(encoded.texts()).isEmpty();
    assertThat(encoded.body()).isEqualTo(codec.write(entry));
    assertThat(encoded.length()).isEqualTo(encoded.body().length());
  }

  @Test
  void aLongPayloadStandsOutsideOfTheBody() {
    var entry = new Entry.RunCompleted(text(EncodedEntry.INLINE_MAX + 1));

    EncodedEntry encoded = EncodedEntry.of(codec, Seal.NONE, 0, entry);

    assertThat(encoded.body())
        .matches("\\{\"is\":\"RunCompleted\",\"result\":\\{\"\\$ref\":\"[\\w-]{22}\"}}");
    assertThat(encoded.texts())
        .singleElement()
        .satisfies(kept -> assertThat(kept.text()).isEqualTo(entry.result().text()));
    assertThat(decoded(encoded)).isEqualTo(entry);
  }

  @Test
  void theSameTextHasTheSameDigestAndAnotherOneAnother() {
    EncodedEntry one = EncodedEntry.of(codec, Seal.NONE, 0, new Entry.RunCompleted(text(600)));
    var call = new Entry.Call(Contract.READ, "d", text(600));
    EncodedEntry two =
        EncodedEntry.of(
            codec, Seal.NONE, 0, new Entry.StepAnswered(new StepPath("step:a#0"), call, text(601)));

    assertThat(two.texts()).hasSize(2);
    assertThat(two.texts().get(0)).isEqualTo(one.texts().get(0));
    assertThat(two.texts().get(1).digest()).isNotEqualTo(one.texts().get(0).digest());
    assertThat(two.length()).isEqualTo(two.body().length() + 1_201);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$ref\":\"AAAAAAAAAAAAAAAAAAAAAA\"}",
        "{\"$ref\":\"short\"}",
        " {\"$ref\":\"AAAAAAAAAAAAAAAAAAAAAA\"}",
        "[{\"$ref\":\"AAAAAAAAAAAAAAAAAAAAAA\"}]",
        "{\"$ref\":1}"
      })
  void aPayloadThatLooksLikeAReferenceComesBackAsItWas(String text) {
    var entry = new Entry.RunCompleted(new Payload(text.strip()));

    assertThat(decoded(EncodedEntry.of(codec, Seal.NONE, 0, entry))).isEqualTo(entry);
  }

  static Stream<Entry> entriesOfWaits() {
    var at = Instant.parse("2026-01-02T03:04:05Z");
    var path = new StepPath("wait:a#0");
    return Stream.of(
        new Entry.SignalTaken(path, "s-1", text(600)),
        new Entry.SignalReceived("paid", "s-1", text(600), "anna", at),
        new Entry.ApprovalAsked(path, text(600), "d", List.of("anna"), at, true));
  }

  @ParameterizedTest
  @MethodSource("entriesOfWaits")
  void theLongPayloadsOfSignalsAndApprovalsStandOutside(Entry entry) {
    EncodedEntry encoded = EncodedEntry.of(codec, Seal.NONE, 0, entry);

    assertThat(encoded.texts())
        .containsExactly(new EncodedEntry.Text(digestOf(600), "\"" + "x".repeat(598) + "\""));
    assertThat(decoded(encoded)).isEqualTo(entry);
  }

  private String digestOf(int length) {
    return EncodedEntry.of(codec, Seal.NONE, 0, new Entry.RunCompleted(text(length)))
        .texts()
        .get(0)
        .digest();
  }

  private Entry decoded(EncodedEntry encoded) {
    Map<String, String> kept = new HashMap<>();
    encoded.texts().forEach(text -> kept.put(text.digest(), text.text()));
    return EncodedEntry.decode(
        codec,
        Seal.NONE,
        0,
        encoded.body(),
        digest -> {
          assertThat(kept).containsKey(digest);
          return kept.getOrDefault(digest, "");
        });
  }

  /** A payload of exactly that many characters. */
  private static Payload text(int length) {
    return new Payload("\"" + "x".repeat(length - 2) + "\"");
  }
}

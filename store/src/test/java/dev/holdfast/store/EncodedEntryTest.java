package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import dev.holdfast.json.JsonCodec;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedEntryTest {
  private final JsonCodec codec = JsonCodec.standard();

  @Test
  void aShortPayloadStandsInTheBody() {
    var entry = new Entry.RunCompleted(text(EncodedEntry.INLINE_MAX));

    EncodedEntry encoded = EncodedEntry.of(codec, entry);

    assertThat(encoded.texts()).isEmpty();
    assertThat(encoded.body()).isEqualTo(codec.write(entry));
    assertThat(encoded.length()).isEqualTo(encoded.body().length());
  }

  @Test
  void aLongPayloadStandsOutsideOfTheBody() {
    var entry = new Entry.RunCompleted(text(EncodedEntry.INLINE_MAX + 1));

    EncodedEntry encoded = EncodedEntry.of(codec, entry);

    assertThat(encoded.body())
        .matches("\\{\"is\":\"RunCompleted\",\"result\":\\{\"\\$ref\":\"[\\w-]{22}\"}}");
    assertThat(encoded.texts())
        .singleElement()
        .satisfies(kept -> assertThat(kept.text()).isEqualTo(entry.result().text()));
    assertThat(decoded(encoded)).isEqualTo(entry);
  }

  @Test
  void theSameTextHasTheSameDigestAndAnotherOneAnother() {
    EncodedEntry one = EncodedEntry.of(codec, new Entry.RunCompleted(text(600)));
    var call = new Entry.Call(Contract.READ, "d", text(600));
    EncodedEntry two =
        EncodedEntry.of(codec, new Entry.StepAnswered(new StepPath("step:a#0"), call, text(601)));

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

    assertThat(decoded(EncodedEntry.of(codec, entry))).isEqualTo(entry);
  }

  private Entry decoded(EncodedEntry encoded) {
    Map<String, String> kept = new HashMap<>();
    encoded.texts().forEach(text -> kept.put(text.digest(), text.text()));
    return EncodedEntry.decode(
        codec,
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

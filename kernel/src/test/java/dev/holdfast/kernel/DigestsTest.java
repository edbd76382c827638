package dev.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.json.JsonCodec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Keys and digests: the same for ever, and never the same for two things. */
class DigestsTest {
  private static final JsonCodec CODEC = JsonCodec.standard();
  private static final RunId RUN = new RunId("refund-4711");
  private static final String KEY_OF_PATH = "glzxrsrf7e7cxv3wpq52i3iupwupo7dbwdshmx4l6adf7xtrarna";
  private static final String KEY_OF_FACT = "w55hoke2s2h7fn6u3syvgi7nc2ckscdhl3vtii4gkjrsft2olfea";
  private static final StepPath PATH = new StepPath("effect:pay-back#0");

  private static Intent fact(String name, int generation) {
    return new Intent(Intent.Scope.RUN, name, generation);
  }

  /** A target may remember a key for months: these values must survive every release. */
  @Test
  void areFixedForEver() {
    assertThat(Digests.of(CODEC, "{\"a\":1}")).isEqualTo("015abd7f5cc57a2dd94b7590f04ad808");
    assertThat(Digests.key(CODEC, RUN, PATH).text()).isEqualTo(KEY_OF_PATH);
    assertThat(Digests.key(CODEC, RUN, fact("refund[\"17\"]", 0)).text()).isEqualTo(KEY_OF_FACT);
  }

  @Test
  void keysAreBase32Of52Characters() {
    assertThat(Digests.key(CODEC, RUN, PATH).text()).matches("[a-z2-7]{52}");
    assertThat(Digests.of(CODEC, "")).matches("[0-9a-f]{32}");
  }

  @Test
  void keysTellApartWhatDiffersInAnyPart() {
    Set<IdempotencyKey> keys = new HashSet<>();
    List<RunId> runs = List.of(RUN, new RunId("refund-471"), new RunId("refund-47110"));
    List<StepPath> paths =
        List.of(
            PATH,
            new StepPath("effect:pay-back#1"),
            new StepPath("effect:pay-back#10"),
            new StepPath("scope:s#0/effect:pay-back#0"),
            new StepPath(""));
    runs.forEach(run -> paths.forEach(path -> keys.add(Digests.key(CODEC, run, path))));
    runs.forEach(run -> {
      for (int generation : List.of(0, 1, 10)) {
        for (String name : List.of("f", "f[1]", "f[\"1\"]", "f[1]\n0", "f\n1")) {
          keys.add(Digests.key(CODEC, run, fact(name, generation)));
        }
      }
    });

    assertThat(keys).hasSize(3 * 5 + 3 * 3 * 5);
  }
}

package dev.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.WorkflowKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows from the workers that died holding a run. */
class PoisonTest {
  private static final long EPOCH = 7;

  private static Claim claim(int deaths) {
    return new Claim(new RunId("r"), new WorkflowKey("w", "1"), EPOCH, 17, deaths);
  }

  private static Optional<Recorded> last(long epoch) {
    var entry = new Entry.AttemptStarted(Facts.PATH, 2);
    return Optional.of(new Recorded(16, epoch, Facts.START, entry));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 3, NO",
    "1, 3, NO",
    "2, 3, NO",
    "3, 3, SUSPECTED",
    "4, 3, PROVEN",
    "5, 3, PROVEN",
    "0, 1, NO",
    "1, 1, SUSPECTED",
    "2, 1, PROVEN",
    "99, 0, NO",
    "99, 100, NO"
  })
  void isSuspectedFirstAndProvenByOneMore(int deaths, int after, Poison expected) {
    assertThat(Poison.of(claim(deaths), after, last(EPOCH - 1))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"3, SUSPECTED", "4, SUSPECTED", "40, SUSPECTED"})
  void whoOnlyWaitedItsTurnIsNotBlamed(int deaths, Poison expected) {
    assertThat(Poison.of(claim(deaths), 3, last(EPOCH - 2))).isEqualTo(expected);
    assertThat(Poison.of(claim(deaths), 3, Optional.empty())).isEqualTo(expected);
  }

  @Test
  void theReasonHasTheFactsAndTheRemedy() {
    assertThat(Poison.reason(claim(4), last(EPOCH - 1)))
        .contains("4 workers", "entry is 16", "AttemptStarted of effect:e#0", "resume");
    assertThat(Poison.reason(claim(4), Optional.empty())).contains("4 workers", "resume");
  }
}

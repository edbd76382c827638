package dev.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Message;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a fenced worker knows for certain, and when that counts for the next one. */
class EvidenceTest {
  private static final Verdict HAPPENED = new Verdict.Happened(Facts.RESULT);
  private static final Verdict NOT = new Verdict.DidNotHappen();
  private static final Entry SUCCEEDED =
      new Entry.EffectSucceeded(Facts.PATH, Facts.RESULT, Entry.Origin.FRESH);

  private static Facts open() {
    return new Facts().intended(Contract.ONCE);
  }

  private static Optional<Verdict> gaveUp(Facts facts, Failure failure, int attempt) {
    return Evidence.of(facts.step(), new Entry.EffectGaveUp(Facts.PATH, failure, attempt));
  }

  private static Optional<Verdict> failed(Facts facts, Failure failure, int attempt) {
    return Evidence.of(
        facts.step(), new Entry.AttemptFailed(Facts.PATH, attempt, failure, Facts.START));
  }

  @Test
  void anAnswerIsEvidence() {
    assertThat(Evidence.of(open().step(), SUCCEEDED)).contains(HAPPENED);
    assertThat(gaveUp(open(), Facts.REJECTED, 1)).contains(NOT);
    assertThat(failed(open(), Facts.NOT_SENT, 1)).contains(NOT);
    assertThat(failed(open(), Facts.TRANSIENT, 1)).contains(NOT);
  }

  @Test
  void whatIsUnknownIsNone() {
    assertThat(failed(open(), Facts.UNKNOWN, 1)).isEmpty();
    assertThat(gaveUp(open(), Facts.UNKNOWN, 1)).isEmpty();
    var doubt = new Entry.EffectDoubted(Facts.PATH, "?", DoubtPolicy.ASK);
    assertThat(Evidence.of(open().step(), doubt)).isEmpty();
  }

  @Test
  void aNoToOneAttemptSaysNothingOfAnEarlierOne() {
    Facts second = new Facts().intended(Contract.KEYED).failed(1, Facts.UNKNOWN).attempt(2);
    assertThat(failed(second, Facts.NOT_SENT, 2)).isEmpty();
    assertThat(gaveUp(second, Facts.REJECTED, 2)).isEmpty();
    Facts harmless = new Facts().intended(Contract.KEYED).failed(1, Facts.NOT_SENT).attempt(2);
    assertThat(failed(harmless, Facts.NOT_SENT, 2)).contains(NOT);
  }

  @Test
  void onlyWhatWasOutIsEvidence() {
    assertThat(Evidence.of(new Facts().step(), SUCCEEDED)).as("a fact of another run").isEmpty();
    assertThat(gaveUp(new Facts(), Facts.NOT_SENT, 0)).as("held by another").isEmpty();
  }

  private static Facts begunAgain() {
    return open().claimed().settled(NOT).attempt(2);
  }

  static Stream<Arguments> standings() {
    return Stream.of(
        // story, evidence of claim 1: happened counts, did not happen counts
        Arguments.of("out", open(), true, true),
        Arguments.of("out, and taken over", open().claimed(), true, true),
        Arguments.of("in doubt", open().claimed().doubted(DoubtPolicy.ASK), true, true),
        Arguments.of("left unknown", open().claimed().doubted(DoubtPolicy.PROCEED), true, true),
        Arguments.of("a person said no", open().claimed().settled(NOT), true, false),
        Arguments.of("a person said yes", open().claimed().settled(HAPPENED), false, false),
        Arguments.of("begun again since", begunAgain(), false, false),
        Arguments.of("again in doubt", begunAgain().doubted(DoubtPolicy.ASK), true, false),
        Arguments.of("failed since", open().claimed().failed(1, Facts.UNKNOWN), true, false),
        Arguments.of("has its result", open().claimed().succeeded(), false, false),
        Arguments.of("given up", open().claimed().gaveUp(Facts.REJECTED, 1), false, false),
        Arguments.of(
            "left unknown and settled",
            open().claimed().doubted(DoubtPolicy.PROCEED).settled(NOT),
            false,
            false),
        Arguments.of("nothing", new Facts(), false, false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("standings")
  void itCountsUntilTheStepHasAnOutcomeAndNeverForALaterAttempt(
      String story, Facts facts, boolean happened, boolean not) {
    assertThat(refusal(facts, HAPPENED).isEmpty()).as("happened").isEqualTo(happened);
    assertThat(refusal(facts, NOT).isEmpty()).as("did not happen").isEqualTo(not);
  }

  private static Optional<String> refusal(Facts facts, Verdict verdict) {
    var message = new Message.Evidence(Facts.PATH, 1, verdict, "worker 1", "late");
    return Evidence.refusal(facts.step(), message);
  }
}

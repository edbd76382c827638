package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.spi.Append;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the vocabulary promises of every fact: closed sets, copies, and what may have happened. */
class FactsTest {
  private static final StepPath PATH = StepPath.ROOT.child("effect", "pay", 0);

  static Stream<Failure> failuresAfterWhichNothingHappened() {
    return Stream.of(
        new Failure.NotSent("connect", "refused"),
        new Failure.Rejected("422", "no such order"),
        new Failure.Transient("429", "slow down", Optional.of(Duration.ofSeconds(3))));
  }

  @ParameterizedTest
  @MethodSource("failuresAfterWhichNothingHappened")
  void onlyTheUnknownMayHaveHappened(Failure failure) {
    assertThat(failure.mayHaveHappened()).isFalse();
    assertThat(new Failure.Unknown("timeout", "no answer").mayHaveHappened()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("failuresAfterWhichNothingHappened")
  void onlyARefusalIsNeverTriedAgain(Failure failure) {
    assertThat(failure.isRetryable()).isEqualTo(!(failure instanceof Failure.Rejected));
    assertThat(new Failure.Unknown("timeout", "no answer").isRetryable()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Status.class)
  void aRunHasEndedInThreeStatusesOnly(Status status) {
    boolean isEnd =
        switch (status) {
          case COMPLETED, TRUNCATED, FAILED -> true;
          case READY, EXECUTING, WAITING, IN_DOUBT, QUARANTINED -> false;
        };

    assertThat(status.isEnded()).isEqualTo(isEnd);
  }

  @Test
  void theContractsAreTheSixOfTheDesign() {
    assertThat(Contract.values())
        .extracting(Enum::name)
        .containsExactly("READ", "IDEMPOTENT", "KEYED", "TRANSACTIONAL", "VERIFIED", "ONCE");
  }

  @Test
  void everyEntryOfAStepNamesItsPath() {
    List<Class<?>> ofSteps = Arrays.asList(Entry.OfStep.class.getPermittedSubclasses());

    assertThat(ofSteps)
        .allSatisfy(
            type -> assertThat(type.getRecordComponents()[0].getType()).isEqualTo(StepPath.class));
    assertThat(new Entry.ClockRead(PATH, Instant.EPOCH).path()).isEqualTo(PATH);
  }

  @Test
  void everyEntryIsAFactInThePastTense() {
    Stream<Class<?>> cases =
        Stream.concat(
            Arrays.stream(Entry.class.getPermittedSubclasses()).filter(Class::isRecord),
            Arrays.stream(Entry.OfStep.class.getPermittedSubclasses()));

    assertThat(cases.map(Class::getSimpleName))
        .hasSizeGreaterThanOrEqualTo(20)
        .allMatch(name -> name.matches(".*(ed|Up|Read|Drawn)"));
  }

  @Test
  void everyFactIsARecordWithValueEquality() {
    var call = new Entry.Call(Contract.KEYED, "digest", new Payload("1"));
    var key = new IdempotencyKey("k");
    var intent = Optional.of(new Intent(Intent.Scope.RUN, "refund[\"17\"]", 0));

    assertThat(new Entry.EffectIntended(PATH, call, key, intent))
        .isEqualTo(new Entry.EffectIntended(PATH, call, key, intent))
        .isNotEqualTo(new Entry.EffectIntended(PATH, call, key, Optional.empty()));
    assertThat(key).hasToString("k");
  }

  @Test
  void listsInFactsAreCopies() {
    List<String> labels = new ArrayList<>(List.of("a"));
    List<Wait> waits = new ArrayList<>(List.of(new Wait.Doubt(PATH, "unknown")));
    var opened = new Entry.ScopeOpened(PATH, labels);
    var parked = new Entry.RunParked(waits);

    labels.add("b");
    waits.clear();

    assertThat(opened.branches()).containsExactly("a");
    assertThat(parked.waits()).hasSize(1);
    assertThatThrownBy(() -> opened.branches().add("c"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> parked.waits().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void anAppendKeepsItsOwnLists() {
    List<Entry> entries = new ArrayList<>(List.of(new Entry.RunClaimed("w")));
    List<Long> consumed = new ArrayList<>(List.of(7L));
    var append =
        new Append(new RunId("r"), 1, 0, Instant.EPOCH, entries, consumed, Optional.empty());

    entries.clear();
    consumed.clear();

    assertThat(append.entries()).containsExactly(new Entry.RunClaimed("w"));
    assertThat(append.consumed()).containsExactly(7L);
  }

  @Test
  void everyWaitNamesTheStepThatWaits() {
    Instant due = Instant.EPOCH;

    assertThat(
            Stream.of(
                    new Wait.Retry(PATH, due),
                    new Wait.Probe(PATH, due),
                    new Wait.Doubt(PATH, "unknown"),
                    new Wait.HeldIntent(PATH, StepPath.ROOT))
                .map(Wait::path))
        .containsOnly(PATH);
  }

  @Test
  void aFailedStoreKeepsItsCause() {
    var cause = new IllegalStateException("disk");

    assertThat(new StoreFailed("Check the disk.", cause))
        .hasMessage("Check the disk.")
        .hasCause(cause);
    assertThat(new StoreFailed("It is closed.")).hasNoCause();
  }
}

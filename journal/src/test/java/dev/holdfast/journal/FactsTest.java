package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Fact;
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
  private static final Payload INPUT = new Payload("{\"cents\":1050}");
  private static final Fact FACT =
      new Fact(
          "refund[17]",
          2,
          Fact.State.HELD,
          new RunId("r"),
          PATH,
          "d1g",
          INPUT,
          new Payload("\"receipt\""));

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
  void aRunHasEndedInFiveStatusesOnly(Status status) {
    boolean isEnd =
        switch (status) {
          case COMPLETED, TRUNCATED, FAILED, CANCELLED, COMPENSATED -> true;
          case READY, EXECUTING, WAITING, AWAITING_APPROVAL, IN_DOUBT, QUARANTINED -> false;
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
    assertThat(cases(Entry.OfStep.class))
        .hasSizeGreaterThanOrEqualTo(20)
        .allSatisfy(
            type -> assertThat(type.getRecordComponents()[0].getType()).isEqualTo(StepPath.class));
    assertThat(new Entry.ClockRead(PATH, Instant.EPOCH).path()).isEqualTo(PATH);
  }

  @Test
  void everyEntryIsAFactInThePastTense() {
    assertThat(cases(Entry.class).map(Class::getSimpleName))
        .hasSizeGreaterThanOrEqualTo(40)
        .allMatch(name -> name.matches(".*(ed|Up|Read|Drawn|Taken|Kept|Won)"));
  }

  private static Stream<Class<?>> cases(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .flatMap(each -> each.isSealed() ? cases(each) : Stream.of(each));
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
    List<Fact> facts = new ArrayList<>(List.of(FACT));
    var append =
        new Append(new RunId("r"), 1, 0, Instant.EPOCH, entries, consumed, facts, Optional.empty());

    entries.clear();
    consumed.clear();
    facts.clear();

    assertThat(append.entries()).containsExactly(new Entry.RunClaimed("w"));
    assertThat(append.consumed()).containsExactly(7L);
    assertThat(append.facts()).containsExactly(FACT);
  }

  @Test
  void listsOfPeopleAndStepsAreCopies() {
    List<String> approvers = new ArrayList<>(List.of("anna"));
    List<StepPath> unsettled = new ArrayList<>(List.of(PATH));
    var asked = new Entry.ApprovalAsked(PATH, INPUT, "d1g", approvers, Instant.EPOCH, false);
    var wait = new Wait.Approval(PATH, approvers, Instant.EPOCH);
    var cancelled = new Entry.RunCancelled("anna", "mistake", unsettled);

    approvers.clear();
    unsettled.clear();

    assertThat(asked.approvers()).containsExactly("anna");
    assertThat(wait.approvers()).containsExactly("anna");
    assertThat(cancelled.unsettled()).containsExactly(PATH);
  }

  @Test
  void aFactThatHappenedKeepsItsGenerationAndItsResult() {
    var returned = new Payload("\"another\"");

    assertThat(FACT.happened(returned))
        .isEqualTo(
            new Fact(
                "refund[17]", 2, Fact.State.HAPPENED, FACT.run(), PATH, "d1g", INPUT, returned));
  }

  @Test
  void aRefusedFactIsFreeUnderTheNextGenerationAndADoubtfulOneIsNot() {
    assertThat(FACT.refused())
        .isEqualTo(
            new Fact(
                "refund[17]", 3, Fact.State.FREE, FACT.run(), PATH, "d1g", INPUT, Payload.NULL));
    Fact doubted = FACT.in(Fact.State.IN_DOUBT);
    assertThat(doubted.generation()).isEqualTo(2);
    assertThat(doubted.state()).isEqualTo(Fact.State.IN_DOUBT);
    assertThat(doubted.result()).isEqualTo(Payload.NULL);
  }

  @Test
  void everyWaitNamesTheStepThatWaits() {
    assertThat(waits(Instant.EPOCH)).extracting(Wait::path).containsOnly(PATH);
  }

  private static List<Wait> waits(Instant due) {
    return List.of(
        new Wait.Retry(PATH, due),
        new Wait.Probe(PATH, due),
        new Wait.Doubt(PATH, "unknown"),
        new Wait.HeldIntent(PATH, StepPath.ROOT),
        new Wait.HeldFact(PATH, "refund[17]", new RunId("other"), due),
        new Wait.Timer(PATH, due),
        new Wait.Signal(PATH, "paid", due),
        new Wait.Approval(PATH, List.of("anna"), due));
  }

  @Test
  void aFailedStoreKeepsItsCause() {
    var cause = new IllegalStateException("disk");

    assertThat(new StoreFailed("Check the disk.", cause))
        .hasMessage("Check the disk.")
        .hasCause(cause);
    assertThat(new StoreFailed("It is closed.")).hasNoCause();
  }

  @Test
  void aStoreThatIsAwayHasNotFailedForGood() {
    assertThat(new StoreFailed.Unavailable("No route to host.", new IllegalStateException("net")))
        .isInstanceOf(StoreFailed.class)
        .hasMessage("No route to host.");
    assertThat(new StoreFailed.Unavailable("No route to host.")).hasNoCause();
  }

  @Test
  void whatBeginsArrivesOrRepeatsIsNoOutcome() {
    var call = new Entry.Call(Contract.KEYED, "d1g", INPUT);
    assertThat(
            Stream.of(
                new Entry.RunStarted("w", "1", INPUT, "d1g"),
                new Entry.RunClaimed("w"),
                new Entry.ScopeOpened(PATH, List.of()),
                new Entry.EffectIntended(PATH, call, new IdempotencyKey("k"), Optional.empty()),
                new Entry.AttemptStarted(PATH, 2),
                new Entry.WaitStarted(PATH, Instant.EPOCH),
                new Entry.SignalReceived("s", "1", INPUT, "ann", Instant.EPOCH),
                new Entry.RunResumed("ann", "fixed"),
                new Entry.MessageRefused("settle", "late")))
        .noneMatch(Entry::isOutcome);
    assertThat(
            Stream.of(
                new Entry.StepAnswered(PATH, call, INPUT),
                new Entry.AttemptFailed(
                    PATH, 1, new Failure.NotSent("connect", "refused"), Instant.EPOCH),
                new Entry.EffectSucceeded(PATH, INPUT, Entry.Origin.FRESH),
                new Entry.EffectDoubted(PATH, "?", DoubtPolicy.ASK),
                new Entry.DoubtSettled(PATH, new Verdict.DidNotHappen(), "ann", "looked"),
                new Entry.ClockRead(PATH, Instant.EPOCH),
                new Entry.WaitEnded(PATH),
                new Entry.RunParked(List.of())))
        .allMatch(Entry::isOutcome);
  }
}

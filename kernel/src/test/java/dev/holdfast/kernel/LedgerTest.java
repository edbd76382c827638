package dev.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Reservation;
import dev.holdfast.json.JsonCodec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a row of the ledger means for a step, and an entry for the row. */
class LedgerTest {
  private static final Instant NOW = Instant.parse("2024-05-01T12:00:00Z");
  private static final RunId MINE = new RunId("mine");
  private static final RunId OTHER = new RunId("other");
  private static final StepPath PATH = StepPath.ROOT.child("effect", "pay", 0);
  private static final Entry.Call CALL =
      new Entry.Call(Contract.KEYED, "d1", new Payload("\"10 EUR\""));
  private static final String NAME = "refund[17]";

  private static Fact row(RunId run, Fact.State state, int generation) {
    return new Fact(NAME, generation, state, run, PATH, "d1", CALL.input(), Payload.NULL);
  }

  private static Reservation.Decision decided(Fact row, Instant due) {
    return Ledger.decide(
        new Ledger.Request(
            JsonCodec.standard(), MINE, PATH, CALL, Optional.empty(), NAME, NOW, due),
        Optional.of(row));
  }

  private static Entry entry(Fact row) {
    return decided(row, NOW.plusSeconds(1)).entry();
  }

  @Test
  void aFactThatNobodyNamedIsGranted() {
    Reservation.Decision decision =
        Ledger.decide(
            new Ledger.Request(
                JsonCodec.standard(),
                MINE,
                PATH,
                CALL,
                Optional.empty(),
                NAME,
                NOW,
                NOW.plusSeconds(1)),
            Optional.empty());

    assertThat(decision.entry())
        .isInstanceOfSatisfying(
            Entry.EffectIntended.class,
            intended ->
                assertThat(intended.intent()).contains(new Intent(Intent.Scope.GLOBAL, NAME, 0)));
    assertThat(decision.fact()).contains(row(MINE, Fact.State.HELD, 0));
  }

  @Test
  void aFreeFactIsGrantedUnderItsGeneration() {
    Entry.EffectIntended first = (Entry.EffectIntended) entry(row(OTHER, Fact.State.FREE, 0));
    Entry.EffectIntended second = (Entry.EffectIntended) entry(row(OTHER, Fact.State.FREE, 1));

    assertThat(second.intent().orElseThrow().generation()).isEqualTo(1);
    assertThat(first.key()).isNotEqualTo(second.key());
  }

  @ParameterizedTest
  @EnumSource(
      value = Fact.State.class,
      names = {"HELD", "IN_DOUBT"})
  void whatTheStepHoldsItselfIsItsAgain(Fact.State state) {
    assertThat(entry(row(MINE, state, 0))).isInstanceOf(Entry.EffectIntended.class);
  }

  @Test
  void whatAnotherHoldsIsWaitedForAndThenRefused() {
    Fact held = row(OTHER, Fact.State.HELD, 0);

    assertThat(decided(held, NOW.plusSeconds(1)))
        .isEqualTo(
            new Reservation.Decision(
                new Entry.WaitStarted(PATH, NOW.plusSeconds(1)), Optional.empty()));
    assertThat(decided(held, NOW).entry())
        .isInstanceOfSatisfying(
            Entry.EffectGaveUp.class,
            gaveUp -> assertThat(gaveUp.failure().code()).isEqualTo("intent-held"));
  }

  @Test
  void whatIsInDoubtElsewhereIsRefusedAtOnce() {
    assertThat(entry(row(OTHER, Fact.State.IN_DOUBT, 0)))
        .isInstanceOfSatisfying(
            Entry.EffectGaveUp.class,
            gaveUp -> {
              assertThat(gaveUp.failure()).isInstanceOf(Failure.NotSent.class);
              assertThat(gaveUp.failure().code()).isEqualTo("intent-in-doubt");
            });
  }

  @Test
  void whatHappenedIsAnsweredOrAConflict() {
    Fact happened = row(OTHER, Fact.State.HELD, 0).happened(new Payload("\"paid\""));
    assertThat(entry(happened))
        .isEqualTo(
            new Entry.EffectSucceeded(PATH, new Payload("\"paid\""), Entry.Origin.DEDUPLICATED));

    var other =
        new Fact(
            NAME, 0, Fact.State.HAPPENED, OTHER, PATH, "d2", new Payload("\"20\""), Payload.NULL);
    assertThat(entry(other))
        .isInstanceOfSatisfying(
            Entry.EffectGaveUp.class,
            gaveUp -> assertThat(gaveUp.failure()).isInstanceOf(Failure.Rejected.class));
  }

  private static StepHistory step(Entry.OfStep... entries) {
    var step = new StepHistory(PATH);
    long sequence = 0;
    step.apply(new Recorded(sequence, 1, NOW, intended(Intent.Scope.GLOBAL)));
    for (Entry.OfStep entry : entries) {
      step.apply(new Recorded(++sequence, 1, NOW, entry));
    }
    return step;
  }

  private static Entry.EffectIntended intended(Intent.Scope scope) {
    var intent = new Intent(scope, NAME, 0);
    return new Entry.EffectIntended(PATH, CALL, new IdempotencyKey("k"), Optional.of(intent));
  }

  private static Optional<Fact.State> after(StepHistory step, Entry entry) {
    return Ledger.after(MINE, step, entry).map(Fact::state);
  }

  @Test
  void anOutcomeMovesTheRow() {
    assertThat(after(step(), new Entry.EffectSucceeded(PATH, Payload.NULL, Entry.Origin.FRESH)))
        .contains(Fact.State.HAPPENED);
    assertThat(after(step(), new Entry.EffectDoubted(PATH, "why", DoubtPolicy.ASK)))
        .contains(Fact.State.IN_DOUBT);
    assertThat(after(step(), gaveUp(new Failure.NotSent("c", "m")))).contains(Fact.State.FREE);
    assertThat(after(step(), gaveUp(new Failure.Unknown("c", "m")))).contains(Fact.State.IN_DOUBT);
    assertThat(after(step(), new Entry.AttemptStarted(PATH, 2))).isEmpty();
  }

  @Test
  void aRefusalIsFreeUnderTheNextGeneration() {
    assertThat(Ledger.after(MINE, step(), gaveUp(new Failure.Rejected("c", "m"))))
        .contains(row(MINE, Fact.State.FREE, 1));
  }

  private static Entry gaveUp(Failure failure) {
    return new Entry.EffectGaveUp(PATH, failure, 1);
  }

  @Test
  void aSettlementMovesTheRowUnlessTheStepTriesAgain() {
    var no = new Entry.DoubtSettled(PATH, new Verdict.DidNotHappen(), "ann", "asked");
    var yes = new Entry.DoubtSettled(PATH, new Verdict.Happened(Payload.NULL), "ann", "asked");
    StepHistory asked = step(new Entry.EffectDoubted(PATH, "why", DoubtPolicy.ASK));
    StepHistory left = step(new Entry.EffectDoubted(PATH, "why", DoubtPolicy.PROCEED));

    assertThat(after(asked, yes)).contains(Fact.State.HAPPENED);
    assertThat(after(asked, no)).contains(Fact.State.HELD);
    assertThat(after(left, no)).contains(Fact.State.FREE);
  }

  @Test
  void aStepWithoutAGlobalFactMovesNothing() {
    var step = new StepHistory(PATH);
    step.apply(new Recorded(0, 1, NOW, intended(Intent.Scope.RUN)));

    assertThat(after(step, new Entry.EffectSucceeded(PATH, Payload.NULL, Entry.Origin.FRESH)))
        .isEmpty();
  }

  @Test
  void aRunThatEndsLeavesItsDoubtsAndFreesTheRest() {
    StepHistory open = step();
    StepHistory unsent = step(new Entry.AttemptFailed(PATH, 1, new Failure.NotSent("c", "m"), NOW));
    StepHistory done = step(new Entry.EffectSucceeded(PATH, Payload.NULL, Entry.Origin.FRESH));

    assertThat(Ledger.atEnd(MINE, List.of(open)))
        .extracting(Fact::state)
        .containsExactly(Fact.State.IN_DOUBT);
    assertThat(Ledger.atEnd(MINE, List.of(unsent)))
        .extracting(Fact::state)
        .containsExactly(Fact.State.FREE);
    assertThat(Ledger.atEnd(MINE, List.of(done))).isEmpty();
  }
}

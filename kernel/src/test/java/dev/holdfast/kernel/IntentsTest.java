package dev.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.Intents.Grant;
import dev.holdfast.kernel.StepHistory.State;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who gets a business fact, live and after a restart. */
class IntentsTest {
  private static final StepPath OTHER = new StepPath("effect:other#0");
  private static final Entry.Call CALL = Facts.call(Contract.KEYED);
  private static final Entry.Call CHANGED =
      new Entry.Call(Contract.KEYED, "changed", new Payload("\"changed\""));

  private static Intent fact(int generation) {
    return new Intent(Intent.Scope.RUN, "refund[17]", generation);
  }

  private static Grant ask(Intents intents, StepPath path, Entry.Call call) {
    return intents.acquire(Intent.Scope.RUN, "refund[17]", path, call);
  }

  /** What another step is told after the first ended so. */
  static Stream<Arguments> ends() {
    return Stream.of(
        Arguments.of(new State.Done(Facts.RESULT), new Grant.Happened(Facts.RESULT)),
        Arguments.of(new State.GaveUp(Facts.REJECTED, 1), new Grant.Yours(fact(1))),
        Arguments.of(new State.GaveUp(Facts.NOT_SENT, 1), new Grant.Yours(fact(0))),
        Arguments.of(new State.GaveUp(Facts.TRANSIENT, 1), new Grant.Yours(fact(0))),
        Arguments.of(new State.GaveUp(Facts.UNKNOWN, 1), new Grant.InDoubt(Facts.PATH)),
        Arguments.of(new State.Doubted("?", DoubtPolicy.ASK), new Grant.InDoubt(Facts.PATH)),
        Arguments.of(new State.LeftUnknown("?", Optional.empty()), new Grant.InDoubt(Facts.PATH)));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void anEndDecidesWhatTheNextIsTold(State end, Grant told) {
    var intents = new Intents();
    assertThat(ask(intents, Facts.PATH, CALL)).isEqualTo(new Grant.Yours(fact(0)));
    assertThat(ask(intents, OTHER, CALL)).isInstanceOf(Grant.Held.class);
    intents.ended(fact(0), end);

    assertThat(ask(intents, OTHER, CALL)).isEqualTo(told);
  }

  static Stream<State> middles() {
    return Stream.of(
        new State.Attempting(1, Instant.EPOCH),
        new State.Failed(Facts.UNKNOWN, Instant.EPOCH, Instant.EPOCH),
        new State.Denied());
  }

  @ParameterizedTest
  @MethodSource("middles")
  void nothingIsFreeBeforeTheEnd(State state) {
    var intents = new Intents();
    ask(intents, Facts.PATH, CALL);
    intents.ended(fact(0), state);

    assertThat(ask(intents, OTHER, CALL))
        .isInstanceOfSatisfying(
            Grant.Held.class,
            held -> {
              assertThat(held.holder()).isEqualTo(Facts.PATH);
              assertThat(held.released()).isNotDone();
            });
  }

  @Test
  void anotherInputIsAConflictWithTheFirst() {
    var intents = new Intents();
    ask(intents, Facts.PATH, CALL);
    intents.ended(fact(0), new State.Done(Facts.RESULT));

    assertThat(ask(intents, OTHER, CHANGED))
        .isEqualTo(new Grant.Conflict(Facts.PATH, CALL.input()));
  }

  @Test
  void aFreedFactMayBeAskedForWithAnotherInput() {
    var intents = new Intents();
    ask(intents, Facts.PATH, CALL);
    intents.ended(fact(0), new State.GaveUp(Facts.NOT_SENT, 1));

    assertThat(ask(intents, OTHER, CHANGED)).isEqualTo(new Grant.Yours(fact(0)));
  }

  @Test
  void waitersWakeAtTheEndAndWhenTheHolderParks() {
    var intents = new Intents();
    ask(intents, Facts.PATH, CALL);
    var first = (Grant.Held) ask(intents, OTHER, CALL);
    intents.parked(OTHER);
    assertThat(first.released()).isNotDone();
    intents.parked(Facts.PATH);
    assertThat(first.released()).isDone();

    var ended = new Intents();
    ask(ended, Facts.PATH, CALL);
    var second = (Grant.Held) ask(ended, OTHER, CALL);
    ended.ended(fact(0), new State.Done(Facts.RESULT));
    assertThat(second.released()).isDone();
  }

  @Test
  void generationsGrowWithEachRefusalAlsoAcrossARestart() {
    Failure no = Facts.REJECTED;
    History history =
        new Facts()
            .intended(Facts.PATH, Contract.KEYED, Optional.of(fact(0)))
            .gaveUp(no, 1)
            .intended(OTHER, Contract.KEYED, Optional.of(fact(1)))
            .write(new Entry.EffectGaveUp(OTHER, no, 1))
            .history();

    assertThat(ask(restored(history), new StepPath("effect:third#0"), CALL))
        .isEqualTo(new Grant.Yours(fact(2)));
  }

  /** What another step is told when the first was left so by a crash. */
  static Stream<Arguments> restarts() {
    Optional<Intent> fact = Optional.of(fact(0));
    Facts open = new Facts().intended(Facts.PATH, Contract.KEYED, fact);
    return Stream.of(
        Arguments.of("open", open.history(), "Held"),
        Arguments.of(
            "failed",
            new Facts()
                .intended(Facts.PATH, Contract.KEYED, fact)
                .failed(1, Facts.UNKNOWN)
                .history(),
            "Held"),
        Arguments.of(
            "done",
            new Facts().intended(Facts.PATH, Contract.KEYED, fact).succeeded().history(),
            "Happened"),
        Arguments.of(
            "in doubt",
            new Facts()
                .intended(Facts.PATH, Contract.KEYED, fact)
                .doubted(DoubtPolicy.ASK)
                .history(),
            "InDoubt"),
        Arguments.of(
            "refused",
            new Facts()
                .intended(Facts.PATH, Contract.KEYED, fact)
                .gaveUp(Facts.REJECTED, 1)
                .history(),
            "Yours"),
        Arguments.of(
            "given up and resumed",
            new Facts()
                .intended(Facts.PATH, Contract.KEYED, fact)
                .gaveUp(Facts.NOT_SENT, 1)
                .quarantined()
                .claimed()
                .resumed()
                .history(),
            "Yours"),
        Arguments.of(
            "done by another after it was given up",
            new Facts()
                .intended(Facts.PATH, Contract.KEYED, fact)
                .gaveUp(Facts.NOT_SENT, 1)
                .intended(new StepPath("effect:third#0"), Contract.KEYED, fact)
                .write(
                    new Entry.EffectSucceeded(
                        new StepPath("effect:third#0"), Facts.RESULT, Entry.Origin.FRESH))
                .quarantined()
                .claimed()
                .resumed()
                .history(),
            "Happened"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("restarts")
  void aRestartKnowsWhatTheJournalKnows(String story, History history, String told) {
    assertThat(ask(restored(history), OTHER, CALL).getClass().getSimpleName())
        .as(story)
        .isEqualTo(told);
  }

  private static Intents restored(History history) {
    var intents = new Intents();
    history.steps().forEach(intents::restore);
    return intents;
  }
}

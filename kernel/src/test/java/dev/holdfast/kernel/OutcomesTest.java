package dev.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.spi.Clock;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where a run stands, told from its row and its last entry. */
class OutcomesTest {
  private static final RunId RUN = new RunId("r");
  private static final Wait RETRY = new Wait.Retry(Facts.PATH, Facts.at(60));
  private static final Wait HELD = new Wait.HeldIntent(Facts.PATH, Facts.PATH);
  private static final Wait DOUBT = new Wait.Doubt(Facts.PATH, "no answer");

  static Stream<Arguments> standings() {
    var claimed = new Entry.RunClaimed("w");
    var doubt = new Outcome.InDoubt<>(List.of(new Outcome.Doubt(Facts.PATH, "no answer")));
    return Stream.of(
        Arguments.of(Status.READY, claimed, waiting(Outcome.Why.QUEUED)),
        Arguments.of(Status.EXECUTING, claimed, waiting(Outcome.Why.EXECUTING)),
        Arguments.of(Status.WAITING, parked(RETRY), waiting(Outcome.Why.TIMER, RETRY)),
        Arguments.of(Status.WAITING, parked(HELD), waiting(Outcome.Why.HELD_INTENT, HELD)),
        Arguments.of(Status.WAITING, parked(HELD, RETRY), waiting(Outcome.Why.TIMER, HELD, RETRY)),
        Arguments.of(Status.IN_DOUBT, parked(DOUBT), doubt),
        Arguments.of(Status.IN_DOUBT, parked(RETRY, DOUBT), doubt),
        Arguments.of(
            Status.QUARANTINED,
            new Entry.RunQuarantined("a bug", Optional.empty()),
            new Outcome.Quarantined<>("a bug")),
        Arguments.of(
            Status.COMPLETED,
            new Entry.RunCompleted(new Payload("\"done\"")),
            new Outcome.Completed<>("done")),
        Arguments.of(
            Status.TRUNCATED,
            new Entry.RunTruncated("steps", "5 > 4"),
            new Outcome.Truncated<>("steps", "5 > 4")),
        Arguments.of(
            Status.FAILED,
            new Entry.RunFailed("no funds", Optional.of(Facts.REJECTED)),
            new Outcome.Failed<>("no funds", Optional.of(Facts.REJECTED))),
        Arguments.of(Status.WAITING, claimed, waiting(Outcome.Why.EXECUTING)));
  }

  private static Entry parked(Wait... waits) {
    return new Entry.RunParked(List.of(waits));
  }

  private static Outcome<?> waiting(Outcome.Why why, Wait... waits) {
    return new Outcome.Waiting<>(why, List.of(waits));
  }

  @ParameterizedTest
  @MethodSource("standings")
  void isToldFromTheRowAndTheLastEntry(Status status, Entry last, Outcome<?> expected) {
    Outcome<String> outcome = outcomes(status, last, Facts.START).of(RUN, String.class);

    assertThat(outcome).isEqualTo(expected);
    assertThat(outcome.isEnded()).isEqualTo(status.isEnded());
  }

  @Test
  void aRunThatNobodyClaimedForAMinuteIsReportedAsSuch() {
    var claimed = new Entry.RunClaimed("w");
    Duration minute = Duration.ofMinutes(1);

    assertThat(outcomes(Status.READY, claimed, Facts.START.plus(minute)).of(RUN, String.class))
        .isEqualTo(waiting(Outcome.Why.QUEUED));
    assertThat(
            outcomes(Status.READY, claimed, Facts.START.plus(minute).plusMillis(1))
                .of(RUN, String.class))
        .isEqualTo(waiting(Outcome.Why.NOBODY_CAN_EXECUTE_IT));
  }

  /** What run() throws for each outcome that is not a result. */
  static Stream<Arguments> throwing() {
    var ended = RunException.RunEnded.class;
    var notEnded = RunException.RunNotEnded.class;
    return Stream.of(
        Arguments.of(Status.FAILED, new Entry.RunFailed("why", Optional.empty()), ended, "why"),
        Arguments.of(Status.TRUNCATED, new Entry.RunTruncated("steps", "facts"), ended, "steps"),
        Arguments.of(Status.IN_DOUBT, parked(DOUBT), notEnded, "effect:e#0"),
        Arguments.of(
            Status.QUARANTINED, new Entry.RunQuarantined("bug", Optional.empty()), notEnded, "bug"),
        Arguments.of(Status.EXECUTING, new Entry.RunClaimed("w"), notEnded, "EXECUTING"));
  }

  @ParameterizedTest
  @MethodSource("throwing")
  void everyOtherEndIsThrownWithTheRunAndTheReason(
      Status status, Entry last, Class<? extends Throwable> type, String reason) {
    var handle =
        new Handle<>(
            RUN, String.class, outcomes(status, last, Facts.START), new Watch(new FreeScheduler()));

    assertThatThrownBy(() -> handle.run(Duration.ofMillis(1)))
        .isInstanceOf(type)
        .hasMessageContaining("Run r ")
        .hasMessageContaining(reason);
  }

  @Test
  void theEndOfARunThatIsExecutedHereIsToldWithoutALook() {
    var outcomes = outcomes(Status.EXECUTING, new Entry.RunClaimed("w"), Facts.START);
    var execution = new CompletableFuture<Optional<Entry>>();
    var handle =
        new Handle<>(RUN, String.class, outcomes, new Watch(new FreeScheduler()), execution);

    assertThat(handle.await(Duration.ofMillis(1))).isEqualTo(waiting(Outcome.Why.EXECUTING));
    execution.complete(Optional.of(new Entry.RunCompleted(new Payload("\"done\""))));
    assertThat(handle.await(Duration.ZERO)).isEqualTo(new Outcome.Completed<>("done"));
  }

  @Test
  void whereAnExecutionStopsWithoutAnEndTheStoreIsAsked() {
    var outcomes =
        outcomes(Status.FAILED, new Entry.RunFailed("why", Optional.empty()), Facts.START);
    var stopped = CompletableFuture.completedFuture(Optional.<Entry>empty());
    var handle = new Handle<>(RUN, String.class, outcomes, new Watch(new FreeScheduler()), stopped);

    assertThat(handle.await(Duration.ZERO))
        .isEqualTo(new Outcome.Failed<>("why", Optional.empty()));
  }

  @Test
  void aResultOfAnotherTypeIsRefusedByTheCodecAndNotByACast() {
    var last = new Entry.RunCompleted(new Payload("\"text\""));

    assertThatThrownBy(() -> outcomes(Status.COMPLETED, last, Facts.START).of(RUN, Integer.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Integer");
  }

  private static Outcomes outcomes(Status status, Entry last, Instant now) {
    var state =
        new RunState(
            RUN, "w", "1", status, 1, Optional.of(Facts.START), Facts.START, Facts.START, "d");
    var reader =
        (JournalReader)
            Proxy.newProxyInstance(
                JournalReader.class.getClassLoader(),
                new Class<?>[] {JournalReader.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "find" -> Optional.of(state);
                      case "last" -> Optional.of(new Recorded(7, 1, Facts.START, last));
                      default -> throw new AssertionError("must not call " + method.getName());
                    });
    return new Outcomes(reader, JsonCodec.standard(), new At(now));
  }

  /** A clock that stands there. */
  private record At(Instant now) implements Clock {
    @Override
    public void sleep(Duration duration) {
      throw new AssertionError("nobody sleeps here");
    }
  }
}

package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.console.Timeline.Ending;
import dev.holdfast.journal.Status;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimelineTest {
  @Test
  void showsEveryClaimAsABandAndHowItEnded() {
    var timeline = Timeline.of(Histories.state(Status.COMPLETED, 4), Histories.completed());
    assertThat(timeline.bands()).extracting(Timeline.Band::epoch).containsExactly(1L, 2L, 3L, 4L);
    assertThat(timeline.bands())
        .extracting(Timeline.Band::worker)
        .containsExactly(
            Optional.empty(), Optional.of("pid-2"), Optional.of("pid-3"), Optional.of("pid-4"));
    assertThat(timeline.bands())
        .extracting(Timeline.Band::ending)
        .containsExactly(Ending.GONE, Ending.GONE, Ending.PARKED, Ending.ENDED);
  }

  @Test
  void doesNotCallAWorkerGoneThatHoldsTheRun() {
    var timeline = Timeline.of(Histories.state(Status.EXECUTING, 2), Histories.acrossCrashes());
    assertThat(timeline.bands())
        .extracting(Timeline.Band::ending)
        .containsExactly(Ending.GONE, Ending.HOLDS);
  }

  @Test
  void showsAClaimThatLeftNothing() {
    var timeline = Timeline.of(Histories.state(Status.READY, 5), Histories.completed());
    assertThat(timeline.bands()).hasSize(5);
    assertThat(timeline.bands().getLast().worker()).isEmpty();
    assertThat(timeline.bands().getLast().ending()).isEqualTo(Ending.GONE);
  }

  @Test
  void tellsWhatHappenedToEachStepUnderEachWorker() {
    List<String> lines = lines(Histories.completed());
    assertThat(lines)
        .anySatisfy(line -> assertThat(line).contains("find-order#0", "read", "{\"id\":1}"));
    assertThat(lines)
        .anySatisfy(
            line -> assertThat(line).contains("refund#0", "keyed", "no outcome was written"));
    assertThat(lines)
        .anySatisfy(line ->
            assertThat(line)
                .contains(
                    "refund#0",
                    "try 2 with the same key, outcome unknown (IOException",
                    "try 3",
                    "R-1"));
    assertThat(lines).anySatisfy(line -> assertThat(line).contains("IN DOUBT: the process ended"));
    assertThat(lines)
        .anySatisfy(
            line -> assertThat(line).contains("settled by ada: it happened: \"P-1\" (the courier"));
    assertThat(lines).anySatisfy(line -> assertThat(line).contains("completed: \"done\""));
  }

  @Test
  void tellsWhatPeopleWereAskedAndWhatCameOfIt() {
    var timeline = Timeline.of(Histories.state(Status.CANCELLED, 4), Histories.ofPeople());
    assertThat(timeline.bands())
        .extracting(Timeline.Band::ending)
        .containsExactly(Ending.PARKED, Ending.PARKED, Ending.PARKED, Ending.ENDED);
    assertThat(String.join("\n", TimelineText.of(timeline, Paint.PLAIN)))
        .contains("asks ada, bob until 2026-01-02 03:05:05 UTC, then others: {\"cents\":4900}")
        .contains("asks eve until", "nobody answered in time: expired")
        .contains("parked for an approval of manager#0 until")
        .contains("parked for the signal goods-back until", "got \"P-9\" (scan-1)")
        .contains("parked for the time of pause#0, 2026-01-02 03:05:05 UTC")
        .contains("to be ended by ada: enough")
        .contains("cancelled by ada: enough; may have happened: book-pickup#0");
  }

  @Test
  void staysReadableWithoutColoursAndSigns() {
    String plain = String.join("\n", lines(Histories.completed()));
    assertThat(plain).matches("(?s)\\p{ASCII}*").doesNotContain("\033");
  }

  @Test
  void coloursSayNothingThatTheWordsDoNot() {
    var timeline = Timeline.of(Histories.state(Status.COMPLETED, 4), Histories.completed());
    String coloured = String.join("\n", TimelineText.of(timeline, new Paint(true, false)));
    assertThat(coloured).contains("\033[");
    assertThat(coloured.replaceAll("\033\\[[0-9;]*m", ""))
        .isEqualTo(String.join("\n", lines(Histories.completed())));
  }

  private static List<String> lines(List<dev.holdfast.journal.Recorded> history) {
    return TimelineText.of(Timeline.of(Histories.state(Status.COMPLETED, 4), history), Paint.PLAIN);
  }
}

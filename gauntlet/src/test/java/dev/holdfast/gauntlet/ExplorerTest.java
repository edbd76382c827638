package dev.holdfast.gauntlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.gauntlet.Schedule.Moment;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.kernel.Engine;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExplorerTest {
  private static Report explored(Scenario<?> scenario, int combinations) {
    Explorer<?> explorer = Explorer.of(scenario, Faults.ALL.faults());
    var schedules = new ArrayList<>(explorer.single());
    schedules.addAll(explorer.combined(combinations, 7));
    return explorer.explore(schedules, result -> {});
  }

  @Test
  void everyFaultAtEveryPlaceIsSurvived() {
    Report report = explored(new Complaint(), 200);

    assertThat(report.failed()).as(report.table()).isEmpty();
    Set<Fault> met = EnumSet.allOf(Fault.class);
    met.removeAll(Faults.MODELS.faults());
    met.removeAll(Faults.MESSAGES.faults());
    met.removeAll(Faults.PEOPLE.faults());
    assertThat(report.matrix().keySet()).isEqualTo(met);
    Set<Moment> moments = EnumSet.complementOf(EnumSet.of(Moment.BEFORE_MESSAGE));
    assertThat(report.matrix().get(Fault.CRASH)).containsOnlyKeys(moments);
    assertThat(report.injections()).isGreaterThan(report.schedules() / 2);
    assertThat(report.bound()).contains("None of", "95 %");
  }

  @Test
  void everySingleStrikeMeetsItsPlace() {
    Explorer<Shop> explorer = Explorer.of(new Complaint(), Faults.ALL.faults());

    Report report = explorer.explore(explorer.single(), result -> {});

    assertThat(report.injections()).isEqualTo(report.schedules()).isPositive();
  }

  @Test
  void whatIsNotIdempotentIsFoundAndShrunk() {
    Report report = explored(new Careless(), 50);

    assertThat(report.failed()).isNotEmpty();
    assertThat(report.cell(Fault.ANSWER_LOST, Moment.BEFORE_CALL).failed()).isPositive();
    assertThat(report.cell(Fault.CRASH, Moment.AFTER_CALL).failed()).isPositive();
    for (Report.Result failed : report.failed()) {
      Report.Failure failure = failed.failure().orElseThrow();
      assertThat(failure.shortest().strikes())
          .isNotEmpty()
          .hasSizeLessThanOrEqualTo(failed.schedule().strikes().size());
      assertThat(failure.why()).as(failed.toString()).contains("payments", "seed ");
    }
    assertThat(report.failed())
        .anyMatch(failed ->
            failed.schedule().strikes().size() > 1
                && failed.failure().orElseThrow().shortest().strikes().size() == 1);
    assertThat(report.bound()).contains("broke a law");
  }

  @Test
  void aFailureIsPlayedAgainFromItsText() {
    Explorer<Careless.Till> explorer =
        Explorer.of(new Careless(), EnumSet.of(Fault.ANSWER_LOST, Fault.REFUSED));
    Report report = explorer.explore(explorer.single(), result -> {});
    Schedule shortest = report.failed().getFirst().failure().orElseThrow().shortest();

    assertThatThrownBy(() -> explorer.play(Schedule.parse(shortest.text())))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("payments", "answer-lost at BEFORE_CALL 1 of 'effect:pay#0'");
    assertThat(explorer.play(Schedule.calm(1))).isNotNull();
  }

  /** Whose check fails by itself once somebody paid twice, and whose worlds have to be closed. */
  private static final class Fragile implements Scenario<Fragile.Open> {
    private final AtomicInteger open = new AtomicInteger();

    private final class Open implements AutoCloseable {
      private final Careless.Till till = new Careless.Till();

      Open() {
        open.incrementAndGet();
      }

      @Override
      public void close() {
        open.decrementAndGet();
      }
    }

    @Override
    public Open world() {
      return new Open();
    }

    @Override
    public void begin(Engine engine, Open world) {
      new Careless().begin(engine, world.till);
    }

    @Override
    public void check(Open world, Map<RunId, Status> ended) {
      if (world.till.payments() > 1) {
        throw new IllegalStateException("No row of payments.");
      }
    }
  }

  @Test
  void aCheckThatFailsByItselfIsToldWithItsScheduleAndLeavesNothingOpen() {
    var fragile = new Fragile();
    Explorer<?> explorer = Explorer.of(fragile, EnumSet.of(Fault.ANSWER_LOST, Fault.REFUSED));

    Report report = explorer.explore(explorer.single(), result -> {});

    assertThat(report.failed())
        .hasSize(1)
        .allSatisfy(each ->
            assertThat(each.failure().orElseThrow().why())
                .contains("No row of payments.", "IllegalStateException", "answer-lost at "));
    assertThat(fragile.open).hasValue(0);
  }

  @Test
  void theSameSeedDrawsTheSameSchedules() {
    Explorer<Shop> explorer = Explorer.of(new Complaint(), Faults.CALLS.faults());

    assertThat(explorer.combined(20, 3)).isEqualTo(explorer.combined(20, 3));
    assertThat(explorer.combined(20, 3)).isNotEqualTo(explorer.combined(20, 4));
    assertThatThrownBy(() -> explorer.combined(-1, 3)).hasMessageContaining("is -1.");
  }

  @Test
  void aRunThatNobodyEndsIsAViolation() {
    assertThatThrownBy(() -> Explorer.of(new Forgotten(), Faults.ALL.faults()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("forgotten-1", "has not ended", Status.WAITING.name());
  }

  @Test
  void shrinkingLeavesOnlyWhatIsNeeded() {
    List<Schedule.Strike> strikes =
        Explorer.of(new Careless(), Faults.ALL.faults()).single().stream()
            .flatMap(schedule -> schedule.strikes().stream())
            .limit(4)
            .toList();
    Schedule.Strike culprit = strikes.get(2);

    Schedule shortest =
        Explorer.shrunk(new Schedule(1, strikes), schedule -> schedule.strikes().contains(culprit));

    assertThat(shortest.strikes()).containsExactly(culprit);
  }
}

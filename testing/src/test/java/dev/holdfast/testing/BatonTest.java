package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One thread at a time, in virtual time, in an order that follows from the seed. */
class BatonTest {
  private static final Duration LONG = Duration.ofDays(2);

  private static List<Recorded> history(long seed) throws Exception {
    var world = new World();
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              run.sleep("rest", LONG);
              return run.parallel(
                      "fork",
                      IntStream.range(0, 3)
                          .mapToObj(i -> new Run.Branch<>("b" + i, scope -> twice(scope, world, i)))
                          .toList())
                  .toString();
            });
    var storage = new InMemoryJournal.Storage();
    var baton = Baton.of(seed);
    return baton.run(() -> {
      var journal = baton.journal(storage, Duration.ofMillis(20));
      try (var engine = Engine.over(journal, JsonCodec.standard(), baton.settings("w1"))) {
        engine.register(workflow);
        assertThat(engine.start(workflow, "r", "in").await(Duration.ofDays(30)))
            .isInstanceOf(Outcome.Completed.class);
        return journal.entries(new RunId("r"), 0, 1_000);
      }
    });
  }

  private static String twice(Run scope, World world, int branch) {
    return scope.effect("one", "one-" + branch, world.effect(Contract.KEYED))
        + scope.effect("two", "two-" + branch, world.effect(Contract.ONCE));
  }

  @Test
  void theSameSeedLeadsToTheSameJournal() throws Exception {
    List<Recorded> first = history(7);
    assertThat(first).hasSizeGreaterThan(15);
    assertThat(history(7)).isEqualTo(first);
  }

  @Test
  void anotherSeedLeadsToAnotherOrder() throws Exception {
    assertThat(history(8)).isNotEqualTo(history(7));
  }

  @Test
  void aWaitOfDaysTakesDaysOfVirtualTimeAlone() throws Exception {
    List<Recorded> history = history(1);
    Duration took = Duration.between(history.getFirst().at(), history.getLast().at());
    assertThat(took).isGreaterThan(LONG).isLessThan(LONG.multipliedBy(3));
  }

  @Test
  void oneThreadRunsAtATimeUntilItWaits() throws Exception {
    var baton = Baton.of(3);
    var seen = new ArrayList<String>();
    baton.run(() -> {
      baton
          .scheduler("w")
          .branches("b", List.of(() -> talk(baton, seen, "x"), () -> talk(baton, seen, "y")));
      return seen.add("end");
    });
    assertThat(seen).hasSize(5).endsWith("end");
    assertThat(seen.subList(0, 4)).containsExactlyInAnyOrder("x1", "x2", "y1", "y2");
    assertThat(baton.turnsTaken()).isGreaterThan(3);
  }

  private static void talk(Baton baton, List<String> seen, String who) {
    seen.add(who + 1);
    baton.passOn();
    seen.add(who + 2);
  }

  @Test
  void whatNobodyBringsIsToldWithTheSeed() {
    var baton = Baton.of(41);
    assertThatThrownBy(() -> baton.run(() -> baton.scheduler("w").await(new CompletableFuture<>())))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("Seed 41", "everybody waits", "root");
  }

  @Test
  void aThreadThatDiesEndsEverything() {
    var baton = Baton.of(42);
    assertThatThrownBy(() ->
            baton.run(() -> {
              baton
                  .scheduler("w")
                  .start(
                      "doomed",
                      () -> {
                        throw new IllegalStateException("died");
                      });
              baton.sleep(LONG);
              return "slept";
            }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("Seed 42", "died");
  }

  @Test
  void turnsAreBounded() {
    var baton = Baton.of(43, 100);
    assertThatThrownBy(() ->
            baton.run(() -> {
              while (!Thread.interrupted()) {
                baton.passOn();
              }
              return "";
            }))
        .hasMessageContaining("passed on 100 times");
  }

  @Test
  void anInterruptEndsAWait() throws Exception {
    var baton = Baton.of(44);
    var seen = new ArrayList<String>();
    baton.run(() -> {
      Thread sleeper = baton.scheduler("w").start("sleeper", () -> sleep(baton, seen));
      baton.sleep(Duration.ofSeconds(1));
      sleeper.interrupt();
      return "";
    });
    assertThat(seen).containsExactly("woken after PT1S");
  }

  private static void sleep(Baton baton, List<String> seen) {
    Instant begin = baton.now();
    try {
      baton.sleep(LONG);
    } catch (InterruptedException e) {
      seen.add("woken after " + Duration.between(begin, baton.now()));
    }
  }

  @Test
  void aPausedWorkerStandsWhileTimeGoesOn() throws Exception {
    var baton = Baton.of(45);
    var seen = new ArrayList<Duration>();
    baton.run(() -> {
      Instant begin = baton.now();
      baton
          .scheduler("w")
          .start(
              "sleeper",
              () -> {
                sleep(baton, Duration.ofSeconds(1));
                seen.add(Duration.between(begin, baton.now()));
              });
      baton.sleep(Duration.ofMillis(1));
      baton.pause("w");
      baton.sleep(Duration.ofMinutes(1));
      baton.resume("w");
      return "";
    });
    assertThat(seen).containsExactly(Duration.ofMinutes(1).plusMillis(1));
  }

  private static void sleep(Baton baton, Duration duration) {
    try {
      baton.sleep(duration);
    } catch (InterruptedException e) {
      throw new AssertionError("Nobody interrupts this.", e);
    }
  }

  @Test
  void anAdjustedClockMovesNoWait() throws Exception {
    var baton = Baton.of(46);
    baton.run(() -> {
      Instant begin = baton.now();
      baton.adjust(Duration.ofHours(-1));
      baton.sleep(Duration.ofSeconds(1));
      assertThat(Duration.between(begin, baton.now())).isEqualTo(Duration.ofSeconds(-3_599));
      return "";
    });
  }

  @Test
  void nobodyWaitsOutsideOfIt() {
    var baton = Baton.of(47);
    assertThatThrownBy(() -> baton.sleep(LONG)).hasMessageContaining("Baton.run");
  }
}

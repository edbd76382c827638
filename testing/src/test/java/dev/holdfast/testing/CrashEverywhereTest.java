package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One workflow that uses everything, crashed at every boundary until a run passes clean. */
class CrashEverywhereTest {
  private static final int BOUNDARIES_MAX = 500;
  private static final int AT_ONCE = 8;
  private static final Duration NEAR = Duration.ofSeconds(10);

  /** Facts that take place exactly once, whatever happens. */
  private static final List<String> EXACTLY_ONCE =
      List.of("keyed", "booked", "mailed", "put", "left", "right", "scoped", "fact", "far", "last");

  private static Workflow<String, String> everything(World world) {
    return Workflow.of("everything", String.class, String.class)
        .body((run, input) -> new Body(world, run).play());
  }

  /** What the workflow does, step by step. */
  private record Body(World world, Run run) {
    String play() {
      run.effect("read", "read", world.effect(Contract.READ));
      run.effect("cheap", "cheap", world.effect(Contract.READ).cheap());
      run.effect("put", "put", world.effect(Contract.IDEMPOTENT));
      run.effect("keyed", "keyed", world.effect(Contract.KEYED));
      run.effect("book", "booked", world.effect(Contract.TRANSACTIONAL));
      run.effect("mail", "mailed", world.effect(Contract.VERIFIED).settleAfter(NEAR));
      String drawn = "%s %s".formatted(run.now(), run.random().nextLong());
      String pure = run.step("pure", String.class, () -> "pure");
      run.scope("part", part -> part.effect("e", "scoped", world.effect(Contract.KEYED)));
      branches();
      fact("a");
      fact("b");
      run.effect("far", "far", world.effect(Contract.KEYED));
      String unknown = proceed();
      run.effect("settled", "settled", world.effect(Contract.ONCE));
      run.effect("last", "last", world.effect(Contract.KEYED));
      return String.join("|", drawn.isEmpty() ? "" : "drawn", pure, unknown);
    }

    private void branches() {
      run.parallel("both", List.of(branch("left"), branch("right")));
    }

    private Run.Branch<String> branch(String label) {
      return new Run.Branch<>(
          label,
          branch -> {
            branch.effect("look", "look-" + label, world.effect(Contract.READ));
            return branch.effect("e", label, world.effect(Contract.KEYED));
          });
    }

    private void fact(String name) {
      run.effect(name, "fact", world.effect(Contract.KEYED).oncePer(Intent.Scope.RUN, "fact", 1));
    }

    private String proceed() {
      try {
        Effect<String, String> effect = world.effect(Contract.ONCE).onDoubt(DoubtPolicy.PROCEED);
        return run.effect("proceed", "proceed", effect) == null ? "" : "known or not";
      } catch (EffectFailed failed) {
        assertThat(failed.failure()).isInstanceOf(Failure.Unknown.class);
        return "known or not";
      }
    }
  }

  private static Stage stage(int delayMillis) {
    Stage stage = Stage.leaping().commitDelay(Duration.ofMillis(delayMillis));
    stage.world.failBefore("put", () -> fail(KnownFailure.notSent("connect", "refused")));
    stage.world.failAfter("keyed", () -> fail(KnownFailure.unknown("reset", "lost")));
    stage.world.failBefore("far", () -> fail(KnownFailure.tryLater("429", "", twoHours())));
    return stage;
  }

  private static Optional<Duration> twoHours() {
    return Optional.of(Duration.ofHours(2));
  }

  private static void fail(KnownFailure failure) {
    throw failure;
  }

  @ParameterizedTest(name = "commits of {0} ms")
  @ValueSource(ints = {0, 1})
  void everyBoundary(int delayMillis) throws InterruptedException {
    int crashes = 0;
    boolean clean = false;
    for (int first = 1; !clean && first <= BOUNDARIES_MAX; first += AT_ONCE) {
      for (boolean struck : crashedTogether(first, delayMillis)) {
        crashes += struck ? 1 : 0;
        clean |= !struck;
      }
    }
    assertThat(clean).as("a run passes clean").isTrue();
    assertThat(crashes).as("boundaries of the workflow").isGreaterThan(80);
  }

  /** Most of the time goes by waiting, so several worlds share the machine. */
  private static List<Boolean> crashedTogether(int first, int delayMillis)
      throws InterruptedException {
    try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Callable<Boolean>> crashes =
          IntStream.range(first, first + AT_ONCE)
              .<Callable<Boolean>>mapToObj(number -> () -> isSurvived(number, delayMillis))
              .toList();
      return threads.invokeAll(crashes).stream().map(CrashEverywhereTest::resultOf).toList();
    }
  }

  private static boolean resultOf(Future<Boolean> future) {
    return switch (future.state()) {
      case SUCCESS -> future.resultNow();
      case FAILED -> throw new AssertionError(future.exceptionNow());
      case RUNNING, CANCELLED -> throw new AssertionError("a crash was not played to its end");
    };
  }

  /** Whether the boundary was reached; fails where the run does not survive the crash there. */
  private static boolean isSurvived(int number, int delayMillis) {
    try (Stage stage = stage(delayMillis)) {
      Workflow<String, String> workflow = everything(stage.world);
      boolean struck = crashedAt(stage, workflow, number);
      checkEnd(stage, workflow, "crash at boundary " + number);
      return struck;
    }
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 16);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void manyCrashesAlsoDuringRecovery(long seed) {
    var random = new Random(seed);
    try (Stage stage = stage(random.nextInt(2)).limits(limits -> limits.poisonAfter(0))) {
      Workflow<String, String> workflow = everything(stage.world);
      int crashes = 0;
      for (int tries = 0; tries < 8; tries++) {
        if (crashedAt(stage, workflow, 1 + random.nextInt(30))) {
          crashes++;
        }
      }
      checkEnd(stage, workflow, "seed %d, %d crashes".formatted(seed, crashes));
    }
  }

  @Test
  void withoutACrashNothingIsRepeated() {
    try (Stage stage = stage(0)) {
      checkEnd(stage, everything(stage.world), "no crash");
      assertThat(stage.world.calls("settled")).isEqualTo(1);
      assertThat(stage.world.calls("keyed")).as("one answer was lost").isEqualTo(2);
    }
  }

  /** Whether that boundary was reached before the run stood still. */
  private static boolean crashedAt(Stage stage, Workflow<String, String> workflow, int number) {
    var strike = Strike.at(number);
    List<Recorded> before = stage.remains("r");
    Engine engine = stage.open(strike, workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    boolean struck = struck(stage, strike, handle);
    engine.crash();
    List<Recorded> left = stage.remains("r");
    Laws.checkPrefix(before, left);
    Laws.check(left);
    return struck;
  }

  private static boolean struck(Stage stage, Strike strike, Handle<String> handle) {
    for (int looked = 0; looked < 2_000; looked++) {
      if (strike.strikesWithin(Duration.ofMillis(1))) {
        return true;
      }
      Outcome<String> outcome = handle.outcome();
      if (!(outcome instanceof Outcome.Waiting<String> waiting)) {
        return strike.strikesWithin(Duration.ofMillis(5));
      }
      stage.advanceTo(waiting);
    }
    throw new AssertionError("neither struck nor ended: " + strike + ", " + handle.outcome());
  }

  private static void checkEnd(Stage stage, Workflow<String, String> workflow, String what) {
    List<Recorded> left = stage.remains("r");
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    Outcome<String> outcome = settledLikeAPerson(stage, engine, handle);
    List<Recorded> history = stage.history("r");

    assertThat(outcome)
        .as("%s, %s, history %s", what, stage.world, history)
        .isEqualTo(new Outcome.Completed<>("drawn|pure|known or not"));
    Laws.checkPrefix(left, history);
    for (String fact : EXACTLY_ONCE) {
      assertThat(stage.world.happened(fact)).as("%s: %s, %s", what, fact, history).isEqualTo(1);
    }
    assertThat(stage.world.happened("settled")).as("%s: settled", what).isEqualTo(1);
    assertThat(stage.world.happened("proceed")).as("%s: proceed", what).isLessThanOrEqualTo(1);
    long doubted =
        history.stream().filter(one -> one.entry() instanceof Entry.EffectDoubted).count();
    if (doubted == 0) {
      assertThat(stage.world.happened("proceed")).as("%s: proceed", what).isEqualTo(1);
    }
  }

  /** Settles what stands in doubt after a look at the world. */
  private static Outcome<String> settledLikeAPerson(
      Stage stage, Engine engine, Handle<String> handle) {
    Outcome<String> outcome = stage.driven(handle);
    for (int settled = 0; settled < 5 && outcome instanceof Outcome.InDoubt<String> doubt; ) {
      for (Outcome.Doubt effect : doubt.effects()) {
        String fact = effect.path().name();
        boolean repeatable = fact.equals("settled") && stage.world.happened(fact) == 0;
        Verdict verdict =
            repeatable
                ? new Verdict.DidNotHappen()
                : new Verdict.Happened(engine.client().encode(World.answer(fact)));
        engine.client().settle("r", effect.path(), verdict, "ann", "looked");
      }
      settled++;
      outcome = stage.driven(handle);
    }
    return outcome;
  }
}

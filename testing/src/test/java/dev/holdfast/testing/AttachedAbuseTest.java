package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.spi.FaultPoints;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers of attached runs that are interrupted, impatient, or meet a closed store. */
class AttachedAbuseTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private final Stage stage = Stage.standing();

  @AfterEach
  void close() {
    stage.close();
  }

  private String pay() {
    return Run.current().orElseThrow().effect("pay", "pay", stage.world.effect(Contract.KEYED));
  }

  private String payAndWait() {
    String paid = pay();
    Run run = Run.current().orElseThrow();
    return paid + run.awaitSignal("go", String.class, Duration.ofDays(1)).orElse(" none");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE})
  void aDeadlineOfAnyLengthIsOne(long seconds) {
    Engine engine = stage.open();
    Duration atMost = Duration.ofSeconds(seconds);

    assertThat(engine.attached("r", String.class, atMost, () -> "done")).isEqualTo("done");
    assertThat(engine.attached("r", String.class, atMost, () -> "again")).isEqualTo("done");
    assertThat(engine.find("r", String.class).await(atMost))
        .isEqualTo(new Outcome.Completed<>("done"));
  }

  @Test
  void whatThrowsAnErrorIsCalledAgainAndTheThreadIsClean() {
    Engine engine = stage.open();

    assertThatThrownBy(() ->
            engine.attached(
                "r",
                String.class,
                LONG,
                () -> {
                  throw new StackOverflowError("too deep");
                }))
        .isInstanceOf(RunException.RunNotEnded.class)
        .hasMessageContaining("too deep");

    assertThat(Run.current()).isEmpty();
    assertThat(engine.attached("r", String.class, LONG, () -> "done")).isEqualTo("done");
  }

  private void callInterrupted(Engine engine, CompletableFuture<Boolean> interrupted) {
    try {
      engine.attached("r", String.class, LONG, this::payAndWait);
    } catch (RunException.RunNotEnded expected) {
      interrupted.complete(Thread.currentThread().isInterrupted());
    } catch (RuntimeException other) {
      interrupted.completeExceptionally(other);
    }
  }

  @Test
  void anInterruptEndsTheWaitAndIsKeptForTheCaller() throws Exception {
    Engine engine = stage.open();
    var interrupted = new CompletableFuture<Boolean>();
    Thread caller = Thread.ofPlatform().start(() -> callInterrupted(engine, interrupted));
    stage.parked(
        Awaitility.await()
            .ignoreExceptions()
            .until(() -> engine.find("r", String.class), found -> true));

    caller.interrupt();

    assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
    engine.client().signal("r", "go", "1", "!", "ann");
    assertThat(engine.attached("r", String.class, LONG, this::payAndWait))
        .isEqualTo("answer to pay!");
    assertThat(stage.world.calls("pay")).isEqualTo(1);
  }

  @Test
  void aCallerThatIsInterruptedBeforeItCallsLosesNothing() {
    Engine engine = stage.open();
    Thread.currentThread().interrupt();

    try {
      assertThat(engine.attached("r", String.class, LONG, this::pay)).isEqualTo("answer to pay");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aStoreThatIsClosedMeanwhileEndsTheCall() throws Exception {
    Engine engine = stage.open();
    CompletableFuture<String> call = calling(engine);

    engine.close();

    assertThat(endOf(call)).isInstanceOf(RuntimeException.class);
    Engine again = stage.open();
    again.client().signal("r", "go", "1", "!", "ann");
    assertThat(again.attached("r", String.class, LONG, this::payAndWait))
        .isEqualTo("answer to pay!");
  }

  /** A call that waits by now. */
  private CompletableFuture<String> calling(Engine engine) {
    CompletableFuture<String> call =
        CompletableFuture.supplyAsync(
            () -> engine.attached("r", String.class, LONG, this::payAndWait));
    stage.parked(
        Awaitility.await()
            .ignoreExceptions()
            .until(() -> engine.find("r", String.class), found -> true));
    return call;
  }

  private static @Nullable Throwable endOf(CompletableFuture<?> call)
      throws InterruptedException, TimeoutException {
    try {
      throw new AssertionError("ended with " + call.get(10, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  @Test
  void aCallThatWasCancelledMeanwhileSaysSo() {
    Engine engine = stage.open();
    CompletableFuture<String> call = calling(engine);

    engine.client().cancel("r", "ann", "enough");

    assertThat(call).failsWithin(LONG).withThrowableThat().withMessageContaining("cancelled");
  }

  /** One attached call, with a crash at every boundary, and its caller calling again. */
  private static final class Calling implements CrashHarness.Scenario {
    private final Stage own = Stage.leaping();

    @Override
    public Engine open(FaultPoints faultPoints) {
      return own.open(faultPoints);
    }

    @Override
    public void drive(Engine engine) {
      assertThat(engine.attached("r", String.class, LONG, this::body))
          .isEqualTo("answer to a|answer to b");
    }

    private String body() {
      Run run = Run.current().orElseThrow();
      return String.join(
          "|",
          run.parallel(
              "two",
              List.of(
                  new Run.Branch<>("a", r -> r.effect("a", "a", own.world.effect(Contract.KEYED))),
                  new Run.Branch<>(
                      "b", r -> r.effect("b", "b", own.world.effect(Contract.TRANSACTIONAL))))));
    }

    @Override
    public void check() {
      assertThat(own.world.happened("a")).isEqualTo(1);
      assertThat(own.world.happened("b")).isEqualTo(1);
    }

    @Override
    public void close() {
      own.close();
    }
  }

  @Test
  void aCrashAnywhereIsOverOnceTheCallerCallsAgain() {
    assertThat(CrashHarness.within(LONG).crashEverywhere(Calling::new)).hasSizeGreaterThan(10);
  }
}

package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.testing.CrashHarness.Crash;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class CrashHarnessTest {
  private static final CrashHarness HARNESS = CrashHarness.within(Duration.ofSeconds(20));

  /** A bank that outlives every crash; it remembers keys and counts payments. */
  private static final class Bank {
    private final Map<String, Integer> paid = new ConcurrentHashMap<>();
    private final AtomicInteger payments = new AtomicInteger();

    int payOncePerKey(String key) {
      return paid.computeIfAbsent(key, fresh -> payments.incrementAndGet());
    }

    int pay() {
      return payments.incrementAndGet();
    }
  }

  /** Two payments in one run, by that effect. */
  private static final class Payments implements CrashHarness.Scenario {
    private final InMemoryJournal.Storage storage = new InMemoryJournal.Storage();
    private final Bank bank = new Bank();
    private final Workflow<String, Integer> workflow;

    Payments(BiFunction<Bank, Run, Integer> body) {
      workflow =
          Workflow.of("payments", String.class, Integer.class)
              .body((run, input) -> body.apply(bank, run));
    }

    @Override
    public Engine open(FaultPoints faultPoints) {
      var settings = Settings.standard().faultPoints(faultPoints);
      var journal = new InMemoryJournal(storage);
      var engine = Engine.over(journal, JsonCodec.standard(), settings);
      engine.register(workflow);
      return engine;
    }

    @Override
    public void drive(Engine engine) {
      engine.start(workflow, "payments-1", "go").run(Duration.ofSeconds(10));
    }

    @Override
    public void check() {
      assertThat(bank.payments).hasValue(2);
    }
  }

  private static Integer keyed(Bank bank, Run run) {
    Effect<String, Integer> pay =
        Effect.keyed(Integer.class, (key, input) -> bank.payOncePerKey(key.text()));
    return run.effect("pay", "a", pay) + run.effect("pay", "b", pay);
  }

  /** Says of an effect that repeats are harmless where they are not. */
  private static Integer mislabelled(Bank bank, Run run) {
    Effect<String, Integer> pay = Effect.idempotent(Integer.class, input -> bank.pay());
    return run.effect("pay", "a", pay) + run.effect("pay", "b", pay);
  }

  @Test
  void crashesAtEveryBoundaryOfEveryStepUntilARunPassesClean() {
    List<Crash> crashes = HARNESS.crashEverywhere(() -> new Payments(CrashHarnessTest::keyed));
    assertThat(crashes).doesNotHaveDuplicates();
    for (Boundary boundary :
        List.of(
            Boundary.BEFORE_INTENT,
            Boundary.AFTER_INTENT,
            Boundary.BEFORE_CALL,
            Boundary.AFTER_CALL,
            Boundary.BEFORE_OUTCOME,
            Boundary.AFTER_OUTCOME)) {
      assertThat(crashes)
          .filteredOn(crash -> crash.boundary() == boundary)
          .extracting(crash -> crash.path().segment())
          .contains("effect:pay#0", "effect:pay#1");
    }
  }

  @Test
  void findsTheCrashAfterWhichAnEffectHappensTwice() {
    assertThatThrownBy(
            () -> HARNESS.crashEverywhere(() -> new Payments(CrashHarnessTest::mislabelled)))
        .isInstanceOf(AssertionError.class)
        .hasMessageFindingMatch("with a crash at visit 1 of [A-Z_]+ of '");
  }

  @Test
  void reportsAScenarioThatFailsWithoutACrash() {
    assertThatThrownBy(() ->
            HARNESS.crashEverywhere(
                () -> new Payments((bank, run) -> bank.pay() + bank.pay() + bank.pay())))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Scenario failed without a crash");
  }

  @Test
  void crashesAfterCountAfterCountUntilARunPassesClean() {
    int count = 1;
    while (!HARNESS.crashAfter(() -> new Payments(CrashHarnessTest::keyed), count).isEmpty()) {
      count++;
    }
    assertThat(count).isGreaterThan(12);
    assertThat(HARNESS.crashAfter(() -> new Payments(CrashHarnessTest::keyed), 8, 3, 1)).hasSize(3);
    assertThat(HARNESS.crashAfter(() -> new Payments(CrashHarnessTest::keyed), 8, 1_000))
        .hasSize(1);
  }

  @Test
  void namesEveryCrashAfterWhichItDidNotEndWell() {
    assertThatThrownBy(
            () -> {
              for (int count = 1; count < 30; count++) {
                HARNESS.crashAfter(() -> new Payments(CrashHarnessTest::mislabelled), count, 1);
              }
            })
        .isInstanceOf(AssertionError.class)
        .hasMessageFindingMatch("with a crash at .*, boundary [0-9]+, then with a crash at ");
  }
}

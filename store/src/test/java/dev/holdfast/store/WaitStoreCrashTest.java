package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.testing.CrashHarness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Waits, people and a fact that two runs want, over each kind of store, crashed at each boundary.
 */
class WaitStoreCrashTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  @TempDir Path folder;

  /** Two runs that each wait for a time, a signal and a person before the one payment. */
  private static final class Desk implements CrashHarness.Scenario {
    private final TestStore store;
    private final Map<String, String> paid = new ConcurrentHashMap<>();
    private final Workflow<String, String> workflow =
        Workflow.of("desk", String.class, String.class).body((run, order) -> settle(run, order));

    Desk(TestStore store) {
      this.store = store;
    }

    private String settle(Run run, String order) {
      run.sleep("pause", Duration.ofMillis(1));
      String word = run.awaitSignal("go", String.class, DEADLINE).orElse("none");
      boolean granted = run.awaitApproval("pay", order, DEADLINE).granted();
      return word + " " + granted + " " + run.effect("pay", order, payment(order));
    }

    private Effect<String, String> payment(String order) {
      return Effect.<String, String>keyed(
              String.class,
              (key, of) -> {
                paid.put(key.text(), of);
                return "paid";
              })
          .oncePer(Intent.Scope.GLOBAL, "payment", order);
    }

    @Override
    public Engine open(FaultPoints faultPoints) {
      Engine engine = store.engine(faultPoints);
      engine.register(workflow);
      return engine;
    }

    @Override
    public void drive(Engine engine) {
      for (String id : List.of("a", "b")) {
        Handle<String> handle = engine.start(workflow, id, "order 17");
        for (int looked = 0; looked < 5_000 && !handle.outcome().isEnded(); looked++) {
          help(engine.client(), id);
          handle.await(Duration.ofMillis(2));
        }
        assertThat(handle.run(DEADLINE)).isEqualTo("now true paid");
      }
    }

    private static void help(Client client, String id) {
      try {
        client.signal(id, "go", "1", "now", "sender");
        for (Entry.ApprovalAsked question : client.questions(id)) {
          client.approve(id, question, true, "ann", "fine");
        }
      } catch (RunException.MessageNotAccepted late) {
        assertThat(late).hasMessageContaining(id);
      }
    }

    @Override
    public void close() {
      store.close();
    }

    @Override
    public void check() {
      assertThat(paid).as("payments by key").hasSize(1);
      try (JournalReader reader = store.reader()) {
        assertThat(reader.fact("payment[\"order 17\"]").map(Fact::state))
            .contains(Fact.State.HAPPENED);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingHappensTwiceAndNobodyWaitsForEver(TestStore.Kind kind) {
    List<CrashHarness.Crash> struck =
        CrashHarness.within(DEADLINE).crashEverywhere(() -> new Desk(kind.fresh(folder)));

    assertThat(struck)
        .extracting(crash -> crash.path().kind())
        .contains("timer", "signal", "approval", "effect");
  }
}

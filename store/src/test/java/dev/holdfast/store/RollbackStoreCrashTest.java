package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.testing.CrashHarness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A rollback with a child and a global fact, over each kind of store, crashed at each boundary. */
class RollbackStoreCrashTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final RunId CHILD = new RunId("r/child:pack#0");

  @TempDir Path folder;

  private static final class Order implements CrashHarness.Scenario {
    private final TestStore store;
    private final Map<String, String> done = new ConcurrentHashMap<>();
    private final Map<String, String> undone = new ConcurrentHashMap<>();
    private final Workflow<String, String> packing =
        undoable("packing").body((run, item) -> send(run, item));
    private final Workflow<String, String> order = undoable("order").body(this::order);

    Order(TestStore store) {
      this.store = store;
    }

    private Workflow.Definition<String, String> undoable(String name) {
      return Workflow.of(name, String.class, String.class)
          .undo("take-back", String.class, String.class, this::takeBack)
          .onFailure(Workflow.OnFailure.ROLL_BACK);
    }

    private void takeBack(IdempotencyKey key, String what, Optional<String> sent) {
      undone.put(key.text(), what + " " + sent.orElse("?"));
    }

    private String order(Run run, String item) {
      run.child("pack", packing, item);
      run.effect("pay", "pay", sending().oncePer(Intent.Scope.GLOBAL, "payment", item));
      return run.effect("ship", item, refused());
    }

    private String send(Run run, String what) {
      return run.effect("send", what, sending());
    }

    private Effect<String, String> sending() {
      return Effect.<String, String>keyed(
              String.class,
              (key, what) -> {
                done.put(key.text(), what);
                return "sent";
              })
          .undo("take-back");
    }

    private static Effect<String, String> refused() {
      return Effect.<String, String>keyed(
              String.class,
              (key, what) -> {
                throw new KnownFailure(new Failure.Rejected("closed", "no ship goes"));
              })
          .noUndo("it is never sent");
    }

    @Override
    public Engine open(FaultPoints faultPoints) {
      Engine engine = store.engine(faultPoints);
      engine.register(order, packing);
      return engine;
    }

    @Override
    public void drive(Engine engine) {
      assertThat(engine.start(order, "r", "17").await(DEADLINE))
          .isInstanceOf(Outcome.Compensated.class);
    }

    @Override
    public void check() {
      assertThat(done.values()).containsExactlyInAnyOrder("17", "pay");
      assertThat(undone.values()).containsExactlyInAnyOrder("17 sent", "pay sent");
      try (JournalReader reader = store.reader()) {
        assertThat(reader.find(CHILD).orElseThrow().status()).isEqualTo(Status.COMPENSATED);
        assertThat(reader.fact("payment[\"17\"]").map(Fact::state)).contains(Fact.State.FREE);
        assertThat(reader.mail(new RunId("r"))).isEmpty();
      }
    }

    @Override
    public void close() {
      store.close();
    }
  }

  @ParameterizedTest
  @EnumSource(TestStore.Kind.class)
  void everythingIsUndoneOnceWhereverItIsCrashed(TestStore.Kind kind) {
    List<CrashHarness.Crash> struck =
        CrashHarness.within(DEADLINE).crashEverywhere(() -> new Order(kind.fresh(folder)));
    assertThat(struck).extracting(crash -> crash.path().kind()).contains("undo", "effect", "child");
  }
}

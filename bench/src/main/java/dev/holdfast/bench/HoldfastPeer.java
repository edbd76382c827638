package dev.holdfast.bench;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.time.Duration;

/** Holdfast over either store; the workflows and effects are the same. */
final class HoldfastPeer implements Peer {
  static final String FILE = "runs.db";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** What the workflow of counted reads is given. */
  record Counted(String id, int steps) {}

  private final Holdfast holdfast;
  private final StepsWorkload workload;
  private final Workflow<Integer, Integer> turns;
  private final Workflow<Counted, Integer> counted;
  private final Workflow<String, String> effect;

  /**
   * Registers the workloads.
   *
   * @param isKeyed whether the outside honours keys, or the effect may be called only once
   */
  HoldfastPeer(OpenStore store, PeerLedger ledger, boolean isKeyed) {
    holdfast = store.holdfast();
    turns = turns();
    counted = counted(ledger);
    effect = effect(ledger, isKeyed);
    holdfast.register(turns, counted, effect);
    workload = new StepsWorkload(store, false);
  }

  private static Workflow<Integer, Integer> turns() {
    Effect<Integer, String> turn = Effect.read(String.class, StepsWorkload::turn);
    return Workflow.of("turns", Integer.class, Integer.class)
        .body((run, count) -> {
          int characters = 0;
          for (int i = 0; i < count; i++) {
            characters += run.effect("turn", i, turn).length();
          }
          return characters;
        });
  }

  private static Workflow<Counted, Integer> counted(PeerLedger ledger) {
    Effect<Counted, String> read =
        Effect.read(
            String.class,
            step -> {
              ledger.count(step.id(), step.steps());
              return StepsWorkload.answer(step.steps());
            });
    return Workflow.of("counted", Counted.class, Integer.class)
        .body((run, input) -> {
          int characters = 0;
          for (int i = 0; i < input.steps(); i++) {
            var step = new Counted(input.id(), i);
            characters += run.effect(StepsWorkload.STEP, step, read).length();
          }
          return characters;
        });
  }

  private static Workflow<String, String> effect(PeerLedger ledger, boolean isKeyed) {
    Effect.KeyedBody<String, String> once =
        (key, run) -> {
          ledger.pay(run, key.text());
          return "paid";
        };
    Effect.KeyedBody<String, String> keyed =
        (key, run) -> {
          ledger.payOnce(run, key.text());
          return "paid";
        };
    Effect<String, String> pay =
        isKeyed ? Effect.keyed(String.class, keyed) : Effect.once(String.class, once);
    return Workflow.of("effect", String.class, String.class)
        .body((run, id) -> run.effect("pay", id, pay));
  }

  private <I, O> Outcome<O> await(Workflow<I, O> workflow, String id, I input) {
    return holdfast.start(workflow, id, input).await(PATIENCE);
  }

  private static <O> void require(String id, Outcome<O> outcome, O expected) {
    if (!outcome.equals(new Outcome.Completed<>(expected))) {
      throw new IllegalStateException(
          "Run %s of Holdfast ended %s, not with %s.".formatted(id, outcome, expected));
    }
  }

  @Override
  public StepsWorkload.Measured steps(Duration length, int batch) throws InterruptedException {
    return workload.measure(length);
  }

  @Override
  public void turns(int count) {
    require("history", await(turns, "history", count), count * TURN_CHARACTERS);
  }

  @Override
  public void counted(String id, int steps) {
    var input = new Counted(id, steps);
    require(id, await(counted, id, input), steps * StepsWorkload.answer(0).length());
  }

  @Override
  public boolean effect(String id) {
    Outcome<String> outcome = await(effect, id, id);
    if (outcome instanceof Outcome.InDoubt) {
      return true;
    }
    require(id, outcome, "paid");
    return false;
  }

  @Override
  public void close() {
    workload.close();
  }
}

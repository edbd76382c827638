package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gauntlet.Gauntlet;
import dev.holdfast.gauntlet.Scenario;
import dev.holdfast.gauntlet.Schedule;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Workflow;
import java.util.HashMap;
import java.util.Map;

class HelloGauntletTest {
  // snippet: gauntlet
  /** The world outside: a bank that remembers keys. No fault touches what it counts. */
  static final class Bank {
    final Map<IdempotencyKey, String> refunds = new HashMap<>();
    final Workflow<String, String> refund =
        Workflow.of("refund", String.class, String.class)
            .body((run, order) ->
                run.effect("pay-back", order, Effect.keyed(String.class, this::pay)));

    String pay(IdempotencyKey key, String order) {
      return refunds.computeIfAbsent(key, fresh -> "paid back " + order);
    }
  }

  /** What is put through the gauntlet, made afresh for every schedule. */
  static final class Refund implements Scenario<Bank> {
    @Override
    public Bank world() {
      return new Bank();
    }

    @Override
    public void begin(Engine engine, Bank bank) {
      engine.register(bank.refund); // and agents, and queues
      engine.start(bank.refund, "refund-17", "order-17");
    }
  }

  @Gauntlet(scenario = Refund.class, combinations = 50)
  void whateverStrikesThereIsOneRefund(Bank bank, Schedule schedule) {
    boolean isRefused = schedule.text().contains("rejected");
    assertThat(bank.refunds).hasSizeBetween(isRefused ? 0 : 1, 1);
  }
  // end: gauntlet
}

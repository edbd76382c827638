package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HoldfastTest extends OnEveryStore {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final AtomicInteger payments = new AtomicInteger();

  private final Workflow<String, String> refund =
      Workflow.of("refund", String.class, String.class)
          .body((run, order) ->
              run.effect(
                  "pay-back",
                  order,
                  Effect.keyed(
                      String.class, (key, id) -> id + " paid " + payments.incrementAndGet())));

  private final Workflow<String, String> risky =
      Workflow.of("risky", String.class, String.class)
          .body((run, order) ->
              run.effect(
                  "send",
                  order,
                  Effect.once(
                      String.class,
                      (key, id) -> {
                        throw new SocketTimeoutException("no answer");
                      })));

  @Test
  void aRunGivesTheSameResultAfterTheStoreWasOpenedAgain() {
    for (int opening = 0; opening < 3; opening++) {
      try (var holdfast = store.open()) {
        holdfast.register(refund);
        assertThat(holdfast.start(refund, "refund-17", "17").run()).isEqualTo("17 paid 1");
        assertThat(holdfast.find("refund-17", String.class).run()).isEqualTo("17 paid 1");
      }
    }
    assertThat(payments).hasValue(1);
  }

  @Test
  void aClientStartsARunThatTheExecutorPicksUp() {
    try (var holdfast = store.open();
        Client client = store.client()) {
      holdfast.register(refund);

      var handle = client.start(refund, "refund-18", "18");

      assertThat(handle.await(DEADLINE)).isEqualTo(new Outcome.Completed<>("18 paid 1"));
    }
  }

  @Test
  void whatAClientStartsWithoutAnExecutorWaitsForOne() {
    store.open().close();
    try (Client client = store.client()) {
      client.start(refund, "refund-19", "19");
    }

    try (var holdfast = store.open()) {
      holdfast.register(refund);
      assertThat(holdfast.find("refund-19", String.class).run(DEADLINE)).isEqualTo("19 paid 1");
    }
  }

  @Test
  void aDoubtIsSettledByAnotherProcessAndTheRunGoesOn() {
    try (var holdfast = store.open();
        Client client = store.client()) {
      holdfast.register(risky);
      var handle = holdfast.start(risky, "r", "20");
      assertThat(handle.await(DEADLINE)).isInstanceOf(Outcome.InDoubt.class);

      var happened = new Verdict.Happened(client.encode("it arrived"));
      client.settle("r", new StepPath("effect:send#0"), happened, "anna", "saw the mail");

      assertThat(handle.run(DEADLINE)).isEqualTo("it arrived");
    }
    try (JournalReader reader = store.reader()) {
      assertThat(reader.entries(new RunId("r"), 0, 100))
          .anySatisfy(
              recorded -> assertThat(recorded.entry()).isInstanceOf(Entry.DoubtSettled.class));
    }
  }

  @Test
  void afterACrashTheStoreOpensAgainAtOnce() {
    var first = store.open();
    first.register(refund);
    first.start(refund, "refund-21", "21").run();
    first.engine().crash();

    try (var second = store.open()) {
      second.register(refund);
      assertThat(second.start(refund, "refund-21", "21").run()).isEqualTo("21 paid 1");
    }
  }
}

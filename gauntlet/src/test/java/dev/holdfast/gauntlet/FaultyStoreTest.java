package dev.holdfast.gauntlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Reservation;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.testing.InMemoryJournal;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultyStoreTest {
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final RunId SALE = new RunId("sale-1");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final FaultyStore store = FaultyStore.over(new InMemoryJournal());
  private final AtomicInteger payments = new AtomicInteger();
  private final Workflow<String, String> sale =
      Workflow.of("sale", String.class, String.class)
          .body((run, order) ->
              run.effect("pay", order, Effect.once(String.class, (key, what) -> pay(what))));
  private final Engine engine =
      Engine.over(store, JsonCodec.standard(), Settings.standard().worker("till"));

  private Fault strikes = Fault.DISK_FULL;

  private String pay(String order) {
    payments.incrementAndGet();
    store.strike(strikes);
    return "paid " + order;
  }

  @AfterEach
  void close() {
    store.recover();
    engine.close();
  }

  @Test
  void aRunWaitsForRoomOnTheDiskAndPaysOnce() {
    engine.register(sale);
    Handle<String> handle = engine.start(sale, "sale-1", "17");

    assertThat(handle.await(SHORT)).isInstanceOf(Outcome.Waiting.class);
    assertThatThrownBy(() -> engine.start(sale, "sale-2", "18"))
        .isInstanceOf(StoreFailed.Unavailable.class);
    store.recover();

    assertThat(handle.await(PATIENCE)).isEqualTo(new Outcome.Completed<>("paid 17"));
    assertThat(payments).hasValue(1);
  }

  @Test
  void whatFailedForGoodDoesNotRecover() {
    engine.register(sale);
    store.strike(Fault.COMMIT_FAILED);
    store.recover();

    assertThatThrownBy(() -> engine.start(sale, "sale-1", "17"))
        .isInstanceOf(StoreFailed.class)
        .isNotInstanceOf(StoreFailed.Unavailable.class);
  }

  @Test
  void readsFailWhileItIsAway() {
    store.strike(Fault.STORE_AWAY);
    assertThatThrownBy(() -> engine.find("sale-1", String.class).outcome())
        .isInstanceOf(StoreFailed.Unavailable.class);
  }

  @Test
  void whatWaitedForRoomFailsWithTheStore() {
    store.strike(Fault.DISK_FULL);
    var price =
        new Reservation(
            SALE, 1, 1, Instant.EPOCH, "price", fact -> fail("The disk was never free."));
    CompletableFuture<Entry> waiting = store.reserve(price);
    assertThat(waiting).isNotDone();
    store.strike(Fault.COMMIT_FAILED);

    assertThat(waiting)
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .withCauseInstanceOf(StoreFailed.class);
  }

  @Test
  void factsAndLeasesFailWithTheRest() {
    store.strike(Fault.COMMIT_FAILED);

    assertThatThrownBy(() -> store.fact("price")).isInstanceOf(StoreFailed.class);
    assertThat(store.lease(SALE, 1)).isCompletedExceptionally();
    assertThat(store.claim(SALE, Instant.EPOCH)).isCompletedExceptionally();
  }

  @Test
  void whatIsNoFaultOfAStoreIsRefused() {
    assertThatThrownBy(() -> store.strike(Fault.CRASH)).hasMessageContaining("crash is none of");
  }
}

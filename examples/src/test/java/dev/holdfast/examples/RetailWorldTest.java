package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RetailWorldTest extends ShopTest {
  private static final RetailCall CANCEL =
      new RetailCall(
          "call-c",
          "cancel_pending_order",
          "{\"order_id\": \"#W2\", \"reason\": \"ordered by mistake\"}");

  @Test
  void worldsOfOneFileKnowNothingOfEachOther() {
    RetailWorld other = new RetailWorld(SmallShop.BASE, shop.database, "other");
    shop.world.execute(CANCEL);
    assertThat(other.ledger()).isEmpty();
    assertThat(other.changedRecords()).isEmpty();
    assertThat(other.stateHash()).isNotEqualTo(shop.world.stateHash());
    assertThat(other.execute(CANCEL)).isEqualTo(shop.world.ledger().getFirst().result());
    assertThat(other.stateHash()).isEqualTo(shop.world.stateHash());
  }

  @Test
  void aWorldSurvivesItsDatabaseBeingClosed(@TempDir Path directory) {
    Path file = directory.resolve("kept.db");
    try (RetailDatabase database = RetailDatabase.open(file, Clock.systemUTC())) {
      new RetailWorld(SmallShop.BASE, database, "w").execute(CANCEL);
    }
    try (RetailDatabase database = RetailDatabase.open(file, Clock.systemUTC())) {
      RetailWorld world = new RetailWorld(SmallShop.BASE, database, "w");
      assertThat(world.ledger()).hasSize(1);
      assertThat(world.changedRecords().path("orders").has("#W2")).isTrue();
    }
  }

  @Test
  void aSecondExecutionIsASecondRowAndIsAnsweredDifferently() {
    String first = shop.world.execute(CANCEL);
    String second = shop.world.execute(CANCEL);
    assertThat(second).isEqualTo("Error: non-pending order cannot be cancelled");
    assertThat(shop.world.ledger())
        .containsExactly(
            new RetailLedger.Row(1, CANCEL, Optional.empty(), first, true, 0, SmallShop.NOW),
            new RetailLedger.Row(2, CANCEL, Optional.empty(), second, false, 0, SmallShop.NOW));
  }

  @Test
  void aKeyIsExecutedOnceAndRepeatsAreCounted() {
    String first = shop.world.executeKeyed(CANCEL, "k1");
    RetailCall reformatted =
        new RetailCall(
            "call-d", CANCEL.tool(), "{\"reason\":\"ordered by mistake\",\"order_id\":\"#W2\"}");
    assertThat(shop.world.executeKeyed(reformatted, "k1")).isEqualTo(first);
    assertThat(shop.world.executeKeyed(CANCEL, "k1")).isEqualTo(first);
    assertThat(shop.world.ledger())
        .containsExactly(
            new RetailLedger.Row(1, CANCEL, Optional.of("k1"), first, true, 2, SmallShop.NOW));
    assertThat(shop.world.executeKeyed(CANCEL, "k2")).startsWith("Error: non-pending");
  }

  @Test
  void aRefusalIsKeptUnderItsKeyToo() {
    RetailCall call = new RetailCall("c", "cancel_pending_order", "not json");
    String first = shop.world.executeKeyed(call, "k1");
    assertThat(first).startsWith("Error: arguments are not valid JSON");
    assertThat(shop.world.executeKeyed(call, "k1")).isEqualTo(first);
    assertThat(shop.world.ledger()).hasSize(1);
  }

  @Test
  void aKeyOfAnotherCallIsRejectedWithBoth() {
    shop.world.executeKeyed(CANCEL, "k1");
    RetailCall other = new RetailCall("c", CANCEL.tool(), CANCEL.arguments().replace("#W2", "#W1"));
    assertThatThrownBy(() -> shop.world.executeKeyed(other, "k1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("k1", "#W2", "#W1", "new key");
    assertThat(shop.world.ledger()).hasSize(1);
    assertThat(shop.world.execute(other)).startsWith("{");
  }

  @Test
  void theCallersTransactionCarriesChangeAndLedgerTogether() throws SQLException {
    try (Connection connection = shop.database.source().getConnection()) {
      connection.setAutoCommit(false);
      shop.world.execute(connection, CANCEL);
      assertThat(shop.world.ledger()).isEmpty();
      connection.rollback();
      assertThat(shop.world.changedRecords()).isEmpty();
      shop.world.execute(connection, CANCEL);
      connection.commit();
    }
    assertThat(shop.world.ledger()).hasSize(1);
    assertThat(shop.world.changedRecords().path("users").has("ada")).isTrue();
  }

  @Test
  void ofManyAtOnceExactlyOneChangesTheOrder() throws Exception {
    List<String> answers = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<String>> calls = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        calls.add(() -> shop.world.execute(CANCEL));
      }
      for (Future<String> answer : threads.invokeAll(calls, 30, TimeUnit.SECONDS)) {
        answers.add(answer.get());
      }
    }
    assertThat(answers).filteredOn(answer -> answer.startsWith("{")).hasSize(1);
    assertThat(shop.world.ledger()).hasSize(24);
    assertThat(shop.world.ledger()).filteredOn(RetailLedger.Row::changed).hasSize(1);
    assertThat(shop.balance("gift_card_1")).isEqualTo(60.1);
  }

  @Test
  void aPlaceThatCannotHoldADatabaseIsNamed(@TempDir Path directory) {
    assertThatThrownBy(
            () -> RetailDatabase.open(directory.resolve("no/such/w.db"), Clock.systemUTC()))
        .isInstanceOf(RetailDatabaseFailed.class)
        .hasMessageContaining("no/such/w.db");
  }
}

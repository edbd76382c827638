package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.store.Holdfast;
import dev.holdfast.testing.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderDeskTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path directory;
  private ChildJvm process;
  private WorldClient world;

  @BeforeEach
  void openTheWorld() {
    process = ChildJvm.start(OutsideWorld.class, List.of(stock().toString()));
    world = new WorldClient(process.awaitLine(OutsideWorld.ANNOUNCEMENT, PATIENCE));
  }

  @AfterEach
  void endTheWorld() {
    process.close();
  }

  @Test
  void touchesEachPlaceOnce() throws Exception {
    settle();
    var ledger = world.ledger();
    assertThat(ledger.refunds()).containsExactly(new OutsideWorld.Receipt("R-1", "4711", 4_900));
    assertThat(ledger.letters()).hasSize(1);
    assertThat(ledger.bookings())
        .containsExactly(new OutsideWorld.Booking("B-1", "blue kettle", -1));
    assertThat(ledger.pickups()).containsExactly("4711");
    assertThat(ledger.repeatsAnswered()).isZero();
  }

  @Test
  void isAnsweredWithTheFirstReceiptWhenTheBankLosesAnAnswer() throws Exception {
    world.loseNextAnswer("bank");
    settle();
    assertThat(world.ledger().refunds()).hasSize(1);
    assertThat(world.ledger().repeatsAnswered()).isEqualTo(1);
    assertThat(world.ledger().answersLost()).isEqualTo(1);
  }

  @Test
  void findsTheLetterWhenTheMailboxLosesAnAnswer() throws Exception {
    world.loseNextAnswer("mailbox");
    settle();
    assertThat(world.ledger().letters()).hasSize(1);
    assertThat(world.ledger().answersLost()).isEqualTo(1);
  }

  private void settle() {
    var agent = OrderDesk.agent(OrderDesk.script("4711"), world, stock());
    try (var holdfast = Holdfast.open(directory.resolve("desk.db"))) {
      holdfast.register(agent);
      String answer =
          holdfast.start(agent, "order-4711", OrderDesk.complaint("4711")).run(PATIENCE);
      assertThat(answer).startsWith("I refunded 49.00");
    }
  }

  private Path stock() {
    return directory.resolve("stock.db");
  }
}

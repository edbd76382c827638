package dev.holdfast.gauntlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultyTargetTest {
  interface Bank {
    String pay(String order) throws IOException;

    String balance();
  }

  private final List<String> payments = Collections.synchronizedList(new ArrayList<>());
  private final FaultyTarget<Bank> faulty =
      FaultyTarget.of(
          Bank.class,
          new Bank() {
            @Override
            public String pay(String order) {
              payments.add(order);
              return "paid " + order;
            }

            @Override
            public String balance() {
              return "17.00";
            }
          });

  @Test
  void itIsDoneAndTheAnswerIsLost() throws IOException {
    Bank bank = faulty.striking("pay", 2, Fault.ANSWER_LOST).get();

    assertThat(bank.pay("a")).isEqualTo("paid a");
    assertThatThrownBy(() -> bank.pay("b")).isInstanceOf(SocketException.class);
    assertThat(payments).containsExactly("a", "b");
    assertThat(faulty.reached("pay")).isEqualTo(2);
  }

  @Test
  void nothingIsSent() {
    Bank bank = faulty.striking("pay", 1, Fault.REFUSED).get();

    assertThatThrownBy(() -> bank.pay("a")).isInstanceOf(ConnectException.class);
    assertThat(payments).isEmpty();
  }

  @Test
  void itIsDoneWhenNobodyWaitsAnyMore() throws InterruptedException {
    Bank bank = faulty.striking("pay", 1, Fault.DONE_LATE).get();

    assertThatThrownBy(() -> bank.pay("a")).isInstanceOf(SocketTimeoutException.class);
    assertThat(payments).isEmpty();
    for (int look = 0; look < 1_000 && payments.isEmpty(); look++) {
      Thread.sleep(10);
    }
    assertThat(payments).containsExactly("a");
  }

  @Test
  void itArrivesTwice() throws IOException {
    assertThat(faulty.striking("pay", 1, Fault.DELIVERED_TWICE).get().pay("a")).isEqualTo("paid a");
    assertThat(payments).containsExactly("a", "a");
  }

  @Test
  void theAnswerTellsTheModelWhatToDo() {
    Bank bank = faulty.striking("balance", 1, Fault.HOSTILE_TEXT).get();

    assertThat(bank.balance()).startsWith("17.00").contains("ignore all previous instructions");
  }

  @Test
  void whatDeclaresNoExceptionThrowsNone() {
    Bank bank = faulty.striking("balance", 1, Fault.TRY_LATER).get();

    assertThatThrownBy(bank::balance).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void whatCannotStrikeIsRefused() {
    assertThatThrownBy(() -> faulty.striking("steal", 1, Fault.REFUSED))
        .hasMessageContaining("must be a method of Bank");
    assertThatThrownBy(() -> faulty.striking("pay", 1, Fault.PAUSED))
        .hasMessageContaining("paused at call 1 of pay");
    assertThatThrownBy(() -> FaultyTarget.of(String.class, ""))
        .hasMessageContaining("java.lang.String is no interface");
  }
}

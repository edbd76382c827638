package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.gauntlet.Fault;
import dev.holdfast.gauntlet.FaultyTarget;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HelloFaultyTargetTest {
  /** Not public, as most interfaces of tests. */
  interface Bank {
    String pay(String order) throws IOException;
  }

  @Test
  void theSecondPaymentIsMadeAndItsAnswerLost() throws IOException {
    List<String> payments = new ArrayList<>();
    FaultyTarget<Bank> faulty =
        FaultyTarget.of(
            Bank.class,
            order -> {
              payments.add(order);
              return "paid " + order;
            });
    Bank bank = faulty.striking("pay", 2, Fault.ANSWER_LOST).get();

    assertThat(bank.pay("order-17")).isEqualTo("paid order-17");
    assertThatThrownBy(() -> bank.pay("order-18")).isInstanceOf(SocketException.class);
    assertThat(payments).containsExactly("order-17", "order-18");
  }
}

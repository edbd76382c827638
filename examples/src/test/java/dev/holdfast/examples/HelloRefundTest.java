package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.examples.HelloRefund.Receipt;
import dev.holdfast.examples.HelloRefund.Refund;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelloRefundTest {
  private final Map<String, Receipt> receipts = new HashMap<>();
  private final List<String> keys = new ArrayList<>();

  @Test
  void paysOnceForTheSameRunAndGivesTheSameReceipt(@TempDir Path directory) {
    Path store = directory.resolve("refunds.db");
    var refund = new Refund("4711", 4_900);
    HelloRefund.Bank bank = (key, in) -> remembered(key.text(), in);
    Receipt first = HelloRefund.payBack(store, bank, refund);
    Receipt second = HelloRefund.payBack(store, bank, refund);
    assertThat(first).isEqualTo(new Receipt("R-1", 4_900)).isEqualTo(second);
    assertThat(keys).hasSize(1);
  }

  @Test
  void asksAgainWithTheSameKeyWhenAnAnswerGetsLost(@TempDir Path directory) {
    HelloRefund.Bank bank =
        (key, in) -> {
          Receipt receipt = remembered(key.text(), in);
          if (keys.size() == 1) {
            throw new IOException("the connection broke");
          }
          return receipt;
        };
    HelloRefund.payBack(directory.resolve("refunds.db"), bank, new Refund("4711", 4_900));
    assertThat(keys).hasSize(2);
    assertThat(keys.getFirst()).isEqualTo(keys.getLast());
    assertThat(receipts).hasSize(1);
  }

  private Receipt remembered(String key, Refund refund) {
    keys.add(key);
    return receipts.computeIfAbsent(
        key, fresh -> new Receipt("R-" + (receipts.size() + 1), refund.cents()));
  }
}

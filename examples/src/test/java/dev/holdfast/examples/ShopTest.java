package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A fresh small shop for each test of a tool. */
abstract class ShopTest {
  SmallShop shop;

  @BeforeEach
  void open(@TempDir Path directory) {
    shop = new SmallShop(directory);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  /** Asserts the refusal, that nothing changed and that the attempt stands in the ledger. */
  void assertRefused(String tool, String arguments, String reason) {
    String before = shop.world.stateHash();
    int attempts = shop.world.ledger().size();
    assertThat(shop.answer(tool, arguments)).isEqualTo("Error: " + reason);
    assertThat(shop.world.stateHash()).isEqualTo(before);
    assertThat(shop.world.ledger()).hasSize(attempts + 1);
    assertThat(shop.world.ledger().getLast().changed()).isFalse();
  }

  /** Asserts that the call succeeds with the order as it is read afterwards. */
  JsonNode assertDone(String tool, String arguments) {
    JsonNode result = SmallShop.json(shop.answer(tool, arguments));
    assertThat(shop.world.ledger().getLast().changed()).isTrue();
    assertThat(result).isEqualTo(shop.order(result.path("order_id").asText()));
    return result;
  }
}

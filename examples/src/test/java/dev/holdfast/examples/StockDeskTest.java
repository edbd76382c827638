package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kernel.Outcome;
import dev.holdfast.testing.ScriptedModel;
import dev.holdfast.testing.ScriptedModel.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StockDeskTest {
  @Test
  void reservesOnceThoughTheServerDiesAfterItDid(@TempDir Path directory) throws Exception {
    Path receipts = directory.resolve("receipts");
    var model =
        ScriptedModel.of(
            Reply.call("find", "{\"sku\":\"lamp\"}"),
            Reply.call("reserve", "{\"sku\":\"lamp\"}"),
            Reply.text("They are yours."));

    Outcome<String> outcome =
        StockDesk.answer(
            directory.resolve("desk.db"),
            model,
            "order-17",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            StockServer.class.getName(),
            receipts.toString());

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("They are yours."));
    assertThat(Files.readAllLines(receipts)).hasSize(1);
  }
}

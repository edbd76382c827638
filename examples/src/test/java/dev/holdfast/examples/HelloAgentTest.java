package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kernel.Outcome;
import dev.holdfast.testing.ScriptedModel;
import dev.holdfast.testing.ScriptedModel.Reply;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelloAgentTest {
  @Test
  void answersWithItsTools(@TempDir Path directory) {
    var model =
        ScriptedModel.of(
            Reply.call("priceOf", "{\"orderId\":\"4711\"}"),
            Reply.call("refund", "{\"orderId\":\"4711\",\"cents\":4900}"),
            Reply.text("You get 49.00 back."));
    Path store = directory.resolve("support.db");
    var outcome = HelloAgent.answer(store, model, "ticket-42", "Order 4711 arrived broken.");
    assertThat(outcome).isEqualTo(new Outcome.Completed<>("You get 49.00 back."));
    assertThat(model.shown()).anySatisfy(text -> assertThat(text).contains("refunded 4900"));
  }
}

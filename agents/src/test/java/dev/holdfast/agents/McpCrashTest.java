package dev.holdfast.agents;

import static dev.holdfast.testing.ScriptedModel.Reply.call;
import static dev.holdfast.testing.ScriptedModel.Reply.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.testing.CrashHarness;
import dev.holdfast.testing.InMemoryJournal;
import dev.holdfast.testing.ScriptedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crash of our engine at every boundary of a run that calls an MCP server's tools. */
class McpCrashTest {
  private static final AtomicInteger ORDERS = new AtomicInteger();

  /** An order of an article of its own, which tells its effects from those of the others. */
  private static final class Order implements CrashHarness.Scenario {
    private final InMemoryJournal.Storage storage = new InMemoryJournal.Storage();
    private final String sku = "lamp-" + ORDERS.incrementAndGet();
    private final Stock stock;
    private final Agent<String> desk;

    Order(Stock stock, McpServer server) {
      this.stock = stock;
      var model =
          ScriptedModel.of(
              call("find", "{\"sku\":\"%s\"}".formatted(sku)),
              call("reserve", "{\"sku\":\"%s\",\"amount\":\"2\"}".formatted(sku)),
              call("label", "{\"sku\":\"%s\"}".formatted(sku)),
              text("done"));
      desk = Agent.named("desk").model(model).tools(server).build();
    }

    @Override
    public Engine open(FaultPoints faultPoints) {
      var engine =
          Engine.over(
              new InMemoryJournal(storage),
              JsonCodec.standard(),
              Settings.standard().faultPoints(faultPoints));
      engine.register(desk);
      return engine;
    }

    @Override
    public void drive(Engine engine) {
      assertThat(engine.start(desk, "order-1", "two lamps").run(Bench.DEADLINE)).isEqualTo("done");
    }

    @Override
    public void check() {
      assertThat(stock.booked("reserve"))
          .filteredOn(line -> line.contains("sku=" + sku + "}"))
          .hasSize(1);
      assertThat(stock.booked("label")).anyMatch(line -> line.contains("sku=" + sku + "}"));
    }
  }

  @Test
  void aKeyedToolIsDoneOnceWhereverTheEngineCrashes(@TempDir Path directory) {
    var stock = new Stock(directory);
    try (var server = stock.server().timeout(Duration.ofSeconds(10)).build()) {
      List<CrashHarness.Crash> crashes =
          CrashHarness.within(Duration.ofSeconds(30))
              .crashEverywhere(() -> new Order(stock, server));

      assertThat(crashes).hasSizeGreaterThan(30);
      assertThat(crashes)
          .extracting(crash -> crash.path().segment())
          .contains("mcp:tools#0", "tool:find#0", "tool:reserve#0", "tool:label#0");
      assertThat(stock.booked("reserve")).hasSize(ORDERS.get());
    }
  }
}

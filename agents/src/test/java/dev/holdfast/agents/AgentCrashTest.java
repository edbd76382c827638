package dev.holdfast.agents;

import static dev.holdfast.testing.ScriptedModel.Reply.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.kernel.spi.Transactions;
import dev.holdfast.testing.CrashHarness;
import dev.holdfast.testing.InMemoryJournal;
import dev.holdfast.testing.RecordedModel;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.AiMessage;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A crash at every boundary of a run, and the world's own count afterwards. */
class AgentCrashTest {
  private static final List<AiMessage> RECORDING =
      List.of(
          AiMessage.from(
              request("a", "findOrder", "{\"orderId\":\"17\"}"),
              request("b", "findOrder", "{\"orderId\":\"18\"}")),
          AiMessage.from(request("c", "refund", "{\"orderId\":\"17\",\"amount\":30}")),
          AiMessage.from(
              request("d", "sendMail", "{\"to\":\"ann\",\"text\":\"30 are coming\"}"),
              request("e", "book", "{\"article\":\"lamp\"}")),
          AiMessage.from(request("f", "label", "{\"orderId\":\"17\",\"label\":\"refunded\"}")),
          AiMessage.from("30 are on their way."));

  /** Dedupe rows in memory; what the work did stays only if it ends well. */
  private static final class MemoryTransactions implements Transactions<Connection> {
    private final Map<String, Payload> rows = new HashMap<>();

    @Override
    public synchronized <I, O> Guarded<O> once(
        IdempotencyKey key,
        I input,
        Work<Connection, ? super I, O> work,
        Function<O, Payload> encode,
        Duration atMost)
        throws Exception {
      Payload done = rows.get(key.text());
      if (done != null) {
        return new Guarded.Repeated<>(done);
      }
      O result = work.apply(connection(), input);
      rows.put(key.text(), encode.apply(result));
      return new Guarded.Done<>(result);
    }

    private static Connection connection() {
      Class<?>[] types = {Connection.class};
      return (Connection)
          Proxy.newProxyInstance(
              Connection.class.getClassLoader(),
              types,
              (proxy, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
              });
    }
  }

  /** The stock, booked within a transaction. */
  static final class Stock {
    private final AtomicInteger booked = new AtomicInteger();

    @Effect(Contract.TRANSACTIONAL)
    @Tool("Takes an article from the stock")
    int book(String article, Connection connection) {
      assertThat(connection).isNotNull();
      return booked.incrementAndGet();
    }
  }

  private static final class Desk implements CrashHarness.Scenario {
    private final InMemoryJournal.Storage storage = new InMemoryJournal.Storage();
    private final Shop shop = new Shop();
    private final Stock stock = new Stock();
    private final RecordedModel model = RecordedModel.of(RECORDING);
    private final Agent<String> agent =
        Agent.named("desk")
            .model(model)
            .tools(shop, stock)
            .transactions(new MemoryTransactions())
            .build();

    @Override
    public Engine open(FaultPoints faultPoints) {
      var engine =
          Engine.over(
              new InMemoryJournal(storage),
              JsonCodec.standard(),
              Settings.standard().faultPoints(faultPoints));
      engine.register(agent);
      return engine;
    }

    @Override
    public void drive(Engine engine) {
      String answer = engine.start(agent, "ticket-42", "I was charged twice").run(Bench.DEADLINE);
      assertThat(answer).isEqualTo("30 are on their way.");
    }

    @Override
    public void check() {
      assertThat(shop.moneyMoved).containsExactly("17:30");
      assertThat(shop.mails).containsExactly("ann: 30 are coming");
      assertThat(stock.booked).hasValue(1);
      assertThat(shop.labels).containsEntry("17", "refunded");
      assertThat(model.callsRedone()).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void nothingIsDoneTwiceWhereverTheProcessCrashes() {
    List<CrashHarness.Crash> crashes =
        CrashHarness.within(Duration.ofSeconds(30)).crashEverywhere(Desk::new);

    assertThat(crashes).hasSizeGreaterThan(60);
    assertThat(crashes)
        .extracting(crash -> crash.path().segment())
        .contains(
            "model:chat#0",
            "model:chat#4",
            "tool:findOrder#0",
            "tool:refund#0",
            "tool:sendMail#0",
            "tool:book#0",
            "tool:label#0");
  }
}

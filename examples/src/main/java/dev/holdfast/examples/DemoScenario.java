package dev.holdfast.examples;

import dev.holdfast.examples.OutsideWorld.Letter;
import dev.holdfast.examples.OutsideWorld.Order;
import dev.holdfast.examples.OutsideWorld.Receipt;
import dev.holdfast.examples.OutsideWorld.RefundRequest;
import dev.holdfast.gauntlet.FaultyModel;
import dev.holdfast.gauntlet.Scenario;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Engine;
import dev.holdfast.store.JdbcTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.sqlite.SQLiteDataSource;

/** The order desk of the demo: it refunds, books, writes and has goods fetched, each once. */
public final class DemoScenario implements Scenario<DemoScenario.Shop> {
  private static final String ORDER = "4711";
  private static final String RUN = OrderDeskProcess.runOf(ORDER);

  /** The world outside, in memory; closed once its play is judged. */
  public static final class Shop implements OrderWorld, AutoCloseable {
    private final WorldBooks books = new WorldBooks();
    private final DataSource source;
    private final Connection keepsItAlive;
    private final Stock stock;
    private int looks;

    Shop() {
      var memory = new SQLiteDataSource();
      memory.setUrl("jdbc:sqlite:file:%s?mode=memory&cache=shared".formatted(UUID.randomUUID()));
      source = memory;
      try {
        keepsItAlive = source.getConnection();
        stock = Stock.create(source);
      } catch (SQLException e) {
        throw new IllegalStateException("The stock cannot be made: " + e, e);
      }
    }

    /** What really reached it. */
    OutsideWorld.Ledger ledger() {
      return books.ledger(stock.bookings());
    }

    @Override
    public Order order(String id) {
      return OutsideWorld.order(id).orElseThrow();
    }

    @Override
    public Receipt refund(Optional<String> key, RefundRequest request) {
      return books.refund(key, request);
    }

    @Override
    public String send(Optional<String> key, Letter letter) {
      return books.deliver(key, letter);
    }

    @Override
    public Optional<String> letter(String key) {
      return books.letter(key);
    }

    @Override
    public String pickUp(String orderId) {
      return books.pickUp(orderId);
    }

    @Override
    public void close() throws SQLException {
      keepsItAlive.close();
    }
  }

  @Override
  public Shop world() {
    return new Shop();
  }

  @Override
  public void begin(Engine engine, Shop shop) {
    var transactions = JdbcTransactions.over(shop.source).createTable();
    var model = FaultyModel.of(OrderDesk.script(ORDER));
    var desk = OrderDesk.agent(model, shop, transactions);
    engine.register(desk);
    engine.start(desk, RUN, OrderDesk.complaint(ORDER));
  }

  /** Somebody calls the courier about a doubt, once what was on its way must have arrived. */
  @Override
  public void attend(Client client, Shop shop, RunState run) {
    if (run.status() == Status.IN_DOUBT && ++shop.looks % 4 == 0) {
      Doubts.of(client, run.id())
          .forEach(doubt ->
              client.settle(RUN, doubt.path(), found(client, shop), "ada", "asked the courier"));
    }
  }

  private static Verdict found(Client client, Shop shop) {
    return shop.ledger().pickups().isEmpty()
        ? new Verdict.DidNotHappen()
        : new Verdict.Happened(client.encode("P-1"));
  }

  @Override
  public void check(Shop shop, Map<RunId, Status> ended) {
    OutsideWorld.Ledger ledger = shop.ledger();
    Times.atMostOnce("refunds", ledger.refunds());
    Times.atMostOnce("bookings", ledger.bookings());
    Times.atMostOnce("letters", ledger.letters());
    Times.atMostOnce("pick-ups", ledger.pickups());
  }

  @Override
  public Optional<Plain<Shop>> plain() {
    return Optional.of((shop, calls) ->
        new NaiveDesk(shop, shop.source, calls)
            .settle(FaultyModel.of(OrderDesk.script(ORDER)), ORDER));
  }
}

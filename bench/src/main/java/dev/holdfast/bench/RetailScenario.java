package dev.holdfast.bench;

import dev.holdfast.examples.RetailEpisode;
import dev.holdfast.examples.RetailLedger;
import dev.holdfast.examples.RetailScript;
import dev.holdfast.examples.RetailShop;
import dev.holdfast.examples.RetailWorld;
import dev.holdfast.gauntlet.FaultyModel;
import dev.holdfast.gauntlet.Scenario;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.kernel.Engine;
import dev.holdfast.testing.RecordedModel;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A recorded conversation with the retail shop, whose writing tools are transactions. */
final class RetailScenario implements Scenario<RetailShop> {
  private static final RunId RUN = new RunId("retail");

  private final RetailScript script;
  private final RetailShop shop;
  private final AtomicLong plays = new AtomicLong();

  RetailScenario(RetailScript script, RetailShop shop) {
    this.script = script;
    this.shop = shop;
  }

  @Override
  public RetailShop world() {
    return shop.branch(script.id() + "-" + plays.incrementAndGet());
  }

  @Override
  public void begin(Engine engine, RetailShop branch) {
    var episode =
        new RetailEpisode(
            List.of(script),
            branch,
            RetailEpisode.Tools.TRANSACTIONAL,
            each -> FaultyModel.of(RecordedModel.of(each.replies())));
    engine.register(episode);
    engine.start(episode, RUN.text(), script.id());
  }

  @Override
  public void check(RetailShop branch, Map<RunId, Status> ended) {
    RetailWorld world = branch.world(RUN.text());
    var seen = new HashSet<String>();
    for (RetailLedger.Row row : world.ledger()) {
      boolean isFirst = seen.add(row.call().tool() + row.call().arguments());
      boolean isExpectedAgain =
          script.expected().stream().filter(each -> each.call().asksFor(row.call())).count() > 1;
      if (!isFirst && !isExpectedAgain) {
        throw new AssertionError("The shop was asked twice for %s.".formatted(row.call()));
      }
    }
  }
}

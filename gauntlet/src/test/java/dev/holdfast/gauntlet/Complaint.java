package dev.holdfast.gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.kernel.Engine;
import java.util.Map;

/** A run that refunds, writes and has goods fetched. */
final class Complaint implements Scenario<Shop> {
  static final RunId RUN = new RunId("order-17");

  @Override
  public Shop world() {
    return new Shop();
  }

  @Override
  public void begin(Engine engine, Shop shop) {
    engine.register(shop.complaint);
    engine.start(shop.complaint, RUN.text(), "17");
  }

  @Override
  public void check(Shop shop, Map<RunId, Status> ended) {
    assertThat(ended).containsOnlyKeys(RUN);
    assertThat(shop.refunds.size()).as("refunds").isLessThanOrEqualTo(1);
    assertThat(shop.letters.size()).as("letters").isLessThanOrEqualTo(1);
    assertThat(shop.pickups.size()).as("vans").isLessThanOrEqualTo(1);
  }
}

package dev.holdfast.gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;

/** A test as a user writes one. */
class GauntletTest {
  private static final AtomicInteger PLAYED = new AtomicInteger();

  @Gauntlet(scenario = Complaint.class, combinations = 20)
  void oneRefundWhateverStrikes(Shop shop, Schedule schedule) {
    PLAYED.incrementAndGet();
    assertThat(shop.refunds()).as(schedule.text()).isLessThanOrEqualTo(1);
  }

  @AfterAll
  static void thereWasOneTestForEachSchedule() {
    assertThat(PLAYED.get()).isGreaterThan(50);
  }
}

package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GatheringTest {
  private static final long SLOW = Duration.ofMinutes(4).toNanos();
  private static final long QUICK = Duration.ofNanos(50_000).toNanos();

  private final Gathering gathering = new Gathering(Duration.ofMinutes(1));

  /** A queue that gets one more request with each look at it, up to as many as will come. */
  private static BlockingQueue<Integer> arriving(AtomicInteger looks, int most) {
    return new LinkedBlockingQueue<>() {
      private static final long serialVersionUID = 1L;

      @Override
      public int size() {
        return Math.min(looks.getAndIncrement(), most);
      }
    };
  }

  private int looks(int most) {
    var looks = new AtomicInteger();
    gathering.await(arriving(looks, most));
    return looks.get();
  }

  @Test
  void theFirstRequestWaitsForNobody() {
    assertThat(looks(100)).isEqualTo(1);
  }

  @Test
  void aLoneRequestWaitsForNobody() {
    gathering.answered(1, 0, SLOW);
    assertThat(looks(100)).isEqualTo(1);
  }

  @Test
  void whoWasAnsweredAndWhoWaitedIsExpected() {
    gathering.answered(3, 2, SLOW);
    assertThat(looks(100)).as("one is taken already").isEqualTo(5);
  }

  @Test
  void theWaitEndsWhenNobodyElseComes() {
    gathering.answered(100, 0, SLOW);
    assertThat(looks(2)).as("two came, then none").isEqualTo(4);
  }

  @Test
  void nobodyWaitsWhereABatchIsAsQuickAsAWait() {
    gathering.answered(100, 0, QUICK);
    assertThat(looks(100)).isEqualTo(1);
  }
}

package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.spi.Queue;
import org.junit.jupiter.api.Test;

class QueueLoadTest {
  private static final Queue MAIL = Queue.of("mail").concurrencyMax(5).concurrencyMaxPerWorker(2);

  private static Queue.Load load(int executing, int waiting) {
    return new Queue.Load(MAIL.waitingMax(3), executing, waiting);
  }

  @Test
  void theTighterOfBothBoundsLeavesTheRoom() {
    assertThat(load(0, 9).room(0)).isEqualTo(2);
    assertThat(load(4, 9).room(0)).isEqualTo(1);
    assertThat(load(4, 9).room(2)).isZero();
    assertThat(load(5, 9).room(0)).isZero();
    assertThat(load(9, 9).room(1)).as("after the bound was lowered").isZero();
  }

  @Test
  void aRunWhoseWorkerIsGoneHasItsPlaceAlready() {
    assertThat(load(5, 0).roomForOrphans(0, 0)).isEqualTo(2);
    assertThat(load(5, 0).roomForOrphans(4, 1)).isEqualTo(1);
    assertThat(load(5, 0).roomForOrphans(5, 0)).isZero();
    assertThat(load(5, 0).roomForOrphans(2, 2)).isZero();
  }

  @Test
  void aQueueIsFullAtItsBound() {
    assertThat(load(5, 2).isFull()).isFalse();
    assertThat(load(0, 3).isFull()).isTrue();
  }

  @Test
  void everyBoundIsChecked() {
    assertThat(Queue.of("q")).isEqualTo(new Queue("q", 1, 100_000, 10_000));
    assertThatThrownBy(() -> MAIL.concurrencyMax(100_001)).hasMessageContaining("is 100,001");
    assertThatThrownBy(() -> MAIL.concurrencyMaxPerWorker(0))
        .hasMessage("concurrencyMaxPerWorker must be 1 to 100,000, is 0.");
    assertThatThrownBy(() -> MAIL.waitingMax(-1)).hasMessageContaining("waitingMax");
    assertThatThrownBy(() -> Queue.of("\ud800"))
        .hasMessageContaining("The queue's name cannot be used")
        .hasMessageContaining("surrogate");
  }
}

package dev.holdfast.kernel;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.StoreFailed;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Waits that only the end of the engine cuts short. */
class PatienceTest {
  private final StoreFailed.Unavailable away =
      new StoreFailed.Unavailable("The database is away. Look at the network.");
  private final AtomicBoolean goesOn = new AtomicBoolean(true);
  private final Patience patience = new Patience(new FreeScheduler(), goesOn::get);

  @ParameterizedTest
  @CsvSource({"1, 50", "2, 100", "3, 200", "5, 800", "6, 1000", "7, 1000", "1000000, 1000"})
  void restsGrowToASecond(int failures, long millis) {
    assertThat(Patience.after(failures)).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void aStoreThatIsAwayIsAskedAgain() {
    var asked = new AtomicInteger();
    assertThat(patience.reading(() -> answer(asked.incrementAndGet()))).isEqualTo("here");
    assertThat(asked).hasValue(3);
  }

  private String answer(int asked) {
    if (asked < 3) {
      throw away;
    }
    return "here";
  }

  @Test
  void theEndOfTheEngineEndsTheAsking() {
    assertThatThrownBy(() ->
            patience.reading(() -> {
              goesOn.set(false);
              throw away;
            }))
        .isSameAs(away);
  }

  @Test
  void everyOtherFailureComesOutAtOnce() {
    var asked = new AtomicInteger();
    assertThatThrownBy(() ->
            patience.reading(() -> {
              asked.incrementAndGet();
              throw new StoreFailed("The disk is full. Free some space.");
            }))
        .hasMessageContaining("disk is full");
    assertThat(asked).hasValue(1);
  }

  @Test
  void anInterruptIsKeptAndCutsNothingShort() {
    var come = new CompletableFuture<Void>().completeOnTimeout(null, 50, MILLISECONDS);
    Thread.currentThread().interrupt();

    assertThat(patience.await(come)).isTrue();

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void nothingIsWaitedForAfterTheEnd() {
    goesOn.set(false);
    assertThat(patience.await(new CompletableFuture<>())).isFalse();
  }
}

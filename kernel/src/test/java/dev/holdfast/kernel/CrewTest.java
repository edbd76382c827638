package dev.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Threads that are counted, waited for, and sent home. */
class CrewTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(20);
  private final Crew crew = new Crew(new FreeScheduler());

  @Test
  void isEmptyBeforeTheFirstAndAfterTheLast() throws InterruptedException {
    var go = new CountDownLatch(1);
    assertThat(crew.awaitEmpty(Duration.ZERO)).isTrue();
    Thread member = working(go);
    assertThat(crew.awaitEmpty(SHORT)).isFalse();
    go.countDown();

    assertThat(crew.awaitEmpty(LONG)).isTrue();
    member.join();
    assertThat(crew.isDismissed()).isFalse();
  }

  @Test
  void dismissalInterruptsEveryMemberAndWaitsForAll() {
    var never = new CountDownLatch(1);
    for (int i = 0; i < 5; i++) {
      working(never);
    }

    assertThat(crew.dismiss(LONG)).isTrue();
    assertThat(crew.isDismissed()).isTrue();
  }

  @Test
  void nobodyBeginsAfterTheDismissal() throws InterruptedException {
    var begun = new AtomicInteger();
    Runnable late = crew.member(begun::incrementAndGet);
    crew.dismiss(SHORT);
    Thread.ofVirtual().start(late).join();

    assertThat(begun).hasValue(0);
  }

  @Test
  void whoHeedsNoInterruptIsReported() {
    var go = new CountDownLatch(1);
    var begun = new CountDownLatch(1);
    Thread.ofVirtual()
        .start(
            crew.member(() -> {
              begun.countDown();
              while (go.getCount() > 0) {
                LockSupport.parkNanos(1_000_000);
              }
            }));
    Awaitility.await().until(() -> begun.getCount() == 0);
    assertThat(crew.dismiss(SHORT)).isFalse();
    go.countDown();
    assertThat(crew.awaitEmpty(LONG)).isTrue();
  }

  @Test
  void aJobWithinAJobOfTheSameThreadKeepsItCounted() {
    var ran = new AtomicInteger();
    Runnable inner = crew.member(ran::incrementAndGet);
    Runnable outer =
        crew.member(() -> {
          inner.run();
          assertThat(crew.awaitEmpty(Duration.ZERO)).isFalse();
          ran.incrementAndGet();
        });
    outer.run();

    assertThat(ran).hasValue(2);
    assertThat(crew.awaitEmpty(Duration.ZERO)).isTrue();
  }

  @Test
  void workThatThrowsLeavesTheCrew() {
    Runnable failing =
        crew.member(() -> {
          throw new IllegalStateException("bug");
        });
    try {
      failing.run();
    } catch (IllegalStateException bug) {
      assertThat(bug).hasMessage("bug");
    }

    assertThat(crew.awaitEmpty(Duration.ZERO)).isTrue();
  }

  private Thread working(CountDownLatch until) {
    var begun = new CountDownLatch(1);
    Thread thread =
        Thread.ofVirtual()
            .start(
                crew.member(() -> {
                  begun.countDown();
                  try {
                    until.await();
                  } catch (InterruptedException dismissed) {
                    Thread.currentThread().interrupt();
                  }
                }));
    Awaitility.await().until(() -> begun.getCount() == 0);
    return thread;
  }
}

package dev.holdfast.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Callers that each start a run, wait for its end and start the next; safe for one thread. */
final class PeerClients {
  static final int AT_ONCE = 64;

  /** What a caller does with the run of that number. */
  interface Call {
    void run(int number) throws Exception;
  }

  private final AtomicInteger started = new AtomicInteger();

  /** Runs for that long; the clock stops when the last run that was started has ended. */
  StepsWorkload.Measured measure(Duration length, Call call) throws Exception {
    int before = started.get();
    long began = System.nanoTime();
    long end = began + length.toNanos();
    perform(
        AT_ONCE,
        client -> {
          while (System.nanoTime() < end) {
            call.run(started.getAndIncrement());
          }
        });
    double seconds = (System.nanoTime() - began) / 1e9;
    return new StepsWorkload.Measured((started.get() - before) * Peer.STEPS / seconds, 1, 0);
  }

  /** Brings all runs below that number to their end, so many at once. */
  static void all(int runs, int atOnce, Call call) throws Exception {
    var next = new AtomicInteger();
    perform(
        atOnce,
        client -> {
          for (int run = next.getAndIncrement(); run < runs; run = next.getAndIncrement()) {
            call.run(run);
          }
        });
  }

  private static void perform(int atOnce, Call client) throws Exception {
    var failure = new AtomicReference<Optional<Exception>>(Optional.empty());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < atOnce; i++) {
      int number = i;
      threads.add(
          Thread.ofVirtual().name("client-" + i).start(() -> perform(client, number, failure)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Optional<Exception> first = failure.get();
    if (first.isPresent()) {
      throw first.get();
    }
  }

  private static void perform(
      Call client, int number, AtomicReference<Optional<Exception>> failure) {
    try {
      client.run(number);
    } catch (Exception thrown) {
      failure.compareAndSet(Optional.empty(), Optional.of(thrown));
    }
  }
}

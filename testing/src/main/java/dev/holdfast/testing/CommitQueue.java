package dev.holdfast.testing;

import dev.holdfast.journal.StoreFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/**
 * Does work in the order in which it is submitted: at once, or in groups that take a while each, as
 * a disk would.
 */
final class CommitQueue implements Commits {
  private static final int QUEUED_MAX = 100_000;
  private static final Duration CLOSE_MAX = Duration.ofSeconds(30);

  private record Request<T>(Supplier<T> work, CompletableFuture<T> done) {
    void run() {
      try {
        done.complete(work.get());
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    }
  }

  private final BlockingQueue<Request<?>> queue = new LinkedBlockingQueue<>(QUEUED_MAX);
  private final Duration delay;
  private final Thread writer;
  private volatile boolean isClosing;
  private volatile boolean isAbandoned;

  CommitQueue(Duration delay) {
    if (delay.isNegative() || delay.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException("commitDelay must be 0 to 1 minute, is " + delay + ".");
    }
    this.delay = delay;
    this.writer = Thread.ofVirtual().name("memory-journal").unstarted(this::write);
    if (!delay.isZero()) {
      writer.start();
    }
  }

  @Override
  public <T> CompletableFuture<T> submit(Supplier<T> work) {
    var request = new Request<>(work, new CompletableFuture<T>());
    if (delay.isZero()) {
      request.run();
    } else if (!queue.offer(request)) {
      request.done().completeExceptionally(full());
    } else if (isAbandoned && queue.remove(request)) {
      drop(List.of(request));
    }
    return request.done();
  }

  @Override
  public void abandon() {
    isAbandoned = true;
    writer.interrupt();
    var dropped = new ArrayList<Request<?>>();
    queue.drainTo(dropped);
    drop(dropped);
  }

  @Override
  public void close() {
    isClosing = true;
    try {
      if (!delay.isZero() && !writer.join(CLOSE_MAX)) {
        throw new StoreFailed("The journal in memory did not finish within " + CLOSE_MAX + ".");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(List<Request<?>> batch) throws InterruptedException {
    Request<?> first = queue.poll(10, java.util.concurrent.TimeUnit.MILLISECONDS);
    if (first != null) {
      batch.add(first);
      queue.drainTo(batch);
      Thread.sleep(delay);
      batch.forEach(Request::run);
      batch.clear();
    }
  }

  private void write() {
    var batch = new ArrayList<Request<?>>();
    try {
      while (!isAbandoned && (!isClosing || !queue.isEmpty())) {
        write(batch);
      }
    } catch (InterruptedException e) {
      drop(batch);
    }
  }

  private static void drop(List<Request<?>> batch) {
    var why = new StoreFailed("The journal in memory was abandoned. Open another.");
    batch.forEach(request -> request.done().completeExceptionally(why));
  }

  private static StoreFailed full() {
    return new StoreFailed(
        "The journal in memory has %,d commits queued. Wait for their futures."
            .formatted(QUEUED_MAX));
  }
}

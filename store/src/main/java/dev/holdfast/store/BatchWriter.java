package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a store in a process: what queues while a batch is under way shares the next
 * one.
 *
 * <p>A platform thread, because a native call holds on to the thread that makes it.
 *
 * @param <R> what it is asked to write
 */
abstract class BatchWriter<R extends BatchWriter.Asked> {
  /** What a writer must know of a request. */
  interface Asked {
    /** About how much it brings to the database. */
    long characters();

    /** Tells whoever waits that it was not written. */
    void fail(RuntimeException why);
  }

  static final System.Logger LOG = System.getLogger("dev.holdfast.store");
  private static final int QUEUED_MAX = 8_192;
  private static final int REQUESTS_MAX = 512;
  private static final long CHARACTERS_MAX = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String location;
  private final String remedy;
  private final String again;
  private final BlockingQueue<R> queue = new LinkedBlockingQueue<>(QUEUED_MAX);
  private final Gathering gathering = new Gathering();
  private final LongAdder commits = new LongAdder();
  private final Thread thread;
  private volatile @Nullable StoreFailed over;
  private volatile boolean isClosing;

  /**
   * A writer that has yet to {@link #start}.
   *
   * @param remedy what to look at where it does not get on, such as {@code Check the disk.}
   * @param again what to do where it was closed, such as {@code Open it again.}
   */
  BatchWriter(String location, String remedy, String again) {
    this.location = location;
    this.remedy = remedy;
    this.again = again;
    this.thread = Thread.ofPlatform().daemon().name("holdfast-writer").unstarted(this::work);
  }

  /**
   * Writes a batch and tells its answers.
   *
   * @return how many nanoseconds of it a larger batch would share: those of its flush
   */
  abstract long write(List<R> batch) throws SQLException;

  /** How long to wait for a request before there is time for other things. */
  abstract Duration idleAfter();

  /** Nobody asked for anything for a while. */
  abstract void idle() throws SQLException;

  /** Everything is written, and nothing more comes. */
  abstract void finish() throws SQLException;

  /** What is told of a store that failed, and for whoever reads it. */
  abstract StoreFailed failed(Throwable cause);

  /** What is told of the batch that was under way when the store failed. */
  RuntimeException unwritten(Throwable cause) {
    return failed(cause);
  }

  /** Throws where a request cannot be taken just now. */
  void requireReach() {}

  /** Whether writing was put off, so that requests wait for room for as long as that takes. */
  boolean isPaused() {
    return false;
  }

  /** What is told of a request for which there is no room. */
  StoreFailed stuck(String facts) {
    return new StoreFailed(facts);
  }

  /** Ends what the thread may wait for, where an interrupt does not. */
  void cut() {}

  final void start() {
    thread.start();
  }

  /** How many batches were committed. */
  final long commits() {
    return commits.sum();
  }

  /** Another batch is durable. */
  final void committed() {
    commits.increment();
  }

  final boolean isOver() {
    return over != null;
  }

  final boolean isClosing() {
    return isClosing;
  }

  /** Throws where the store takes nothing more. */
  final void requireOpen() {
    StoreFailed ended = over;
    if (ended != null) {
      String message = String.valueOf(ended.getMessage());
      Throwable cause = ended.getCause();
      throw cause == null ? new StoreFailed(message) : new StoreFailed(message, cause);
    }
    if (isClosing) {
      throw closed();
    }
  }

  /** Queues a request, or refuses it. */
  final void queue(R request) {
    try {
      requireOpen();
      requireReach();
      while (!queue.offer(request, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        requireOpen();
        if (!isPaused()) {
          throw stuck(
              "The store %s wrote nothing for %s with %,d requests queued. %s"
                  .formatted(location, PATIENCE, QUEUED_MAX, remedy));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      request.fail(new StoreFailed("The wait for the writer's queue was interrupted.", e));
    } catch (StoreFailed e) {
      request.fail(e);
    }
    // The writer may have ended between the check and the offer and would never see this one.
    StoreFailed ended = over;
    if (ended != null) {
      refuseQueued(ended);
    }
  }

  /** Finishes what is queued. */
  final void close() {
    isClosing = true;
    join();
  }

  /** Drops what is queued; a commit that has begun may go either way. */
  final void abandon() {
    end(new StoreFailed("The store %s was abandoned. %s".formatted(location, again)));
    cut();
    join();
  }

  private void join() {
    if (Thread.currentThread() == thread) {
      return;
    }
    thread.interrupt();
    try {
      if (!thread.join(PATIENCE)) {
        throw new StoreFailed(
            "The writer of %s did not end within %s. %s".formatted(location, PATIENCE, remedy));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    var batch = new ArrayList<R>(REQUESTS_MAX);
    try {
      while (over == null && !(isClosing && queue.isEmpty())) {
        fill(batch);
        if (batch.isEmpty()) {
          idle();
        } else {
          writeAndNote(batch);
        }
        batch.clear();
      }
      if (over == null) {
        finish();
        end(closed());
      }
    } catch (Throwable e) {
      end(failed(e));
      LOG.log(System.Logger.Level.ERROR, "The store " + location + " failed and is closed.", e);
      batch.forEach(request -> request.fail(unwritten(e)));
    }
  }

  private void writeAndNote(List<R> batch) throws SQLException {
    long shared = write(batch);
    gathering.answered(batch.size(), queue.size(), shared);
  }

  private void fill(List<R> batch) {
    R next = first();
    if (next != null) {
      gathering.await(queue);
    }
    long characters = 0;
    while (next != null) {
      batch.add(next);
      characters += next.characters();
      boolean isFull = batch.size() == REQUESTS_MAX || characters >= CHARACTERS_MAX;
      next = isFull ? null : queue.poll();
    }
  }

  private @Nullable R first() {
    try {
      return queue.poll(idleAfter().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // Somebody closes or abandons the store: the loop looks at once instead of later.
      return null;
    }
  }

  final StoreFailed closed() {
    return new StoreFailed("The store %s is closed. %s".formatted(location, again));
  }

  /** The writer takes nothing more; the first reason counts. */
  void end(StoreFailed why) {
    if (over == null) {
      over = why;
    }
    refuseQueued(ended());
  }

  /** Why the writer takes nothing more. */
  final StoreFailed ended() {
    return Objects.requireNonNull(over);
  }

  /** Takes those of that kind out of the queue, and refuses them. */
  final void refuseQueued(Predicate<? super R> kind, RuntimeException why) {
    for (R each : queue) {
      if (kind.test(each) && queue.remove(each)) {
        each.fail(why);
      }
    }
  }

  final void refuseQueued(StoreFailed why) {
    for (R next = queue.poll(); next != null; next = queue.poll()) {
      next.fail(why);
    }
  }
}

package dev.holdfast.journal.spi;

import dev.holdfast.journal.RunId;

/**
 * A named queue: how many of its runs execute at the same time, and how many may wait.
 *
 * <p>Only a run that executes counts against the concurrency: one that waits for a timer, a signal
 * or a person takes no place, and queues again when it wakes. Within a queue the run that is ready
 * longest comes first, of several the one that was accepted first.
 *
 * @param name 1 to 200 characters
 * @param concurrencyMax how many of its runs execute at the same time, all workers together; 1 to
 *     100,000
 * @param concurrencyMaxPerWorker how many of them one worker executes; 1 to 100,000
 * @param waitingMax how many accepted runs may wait to be executed before a start is refused; 1 to
 *     100,000
 */
public record Queue(String name, int concurrencyMax, int concurrencyMaxPerWorker, int waitingMax) {
  /** How many queues a store keeps at most. */
  public static final int COUNT_MAX = 1_000;

  private static final int MOST = 100_000;
  private static final int WAITING_MAX = 10_000;

  /** Checks every bound. */
  public Queue {
    try {
      RunId unused = new RunId(name); // its bounds are those of every name
    } catch (IllegalArgumentException bad) {
      throw new IllegalArgumentException(
          "The queue's name cannot be used: %s".formatted(bad.getMessage()), bad);
    }
    between("concurrencyMax", concurrencyMax);
    between("concurrencyMaxPerWorker", concurrencyMaxPerWorker);
    between("waitingMax", waitingMax);
  }

  /** A queue that executes one run at a time, with 10,000 waiting at most. */
  public static Queue of(String name) {
    return new Queue(name, 1, MOST, WAITING_MAX);
  }

  /** The same with that many runs executing at the same time, all workers together. */
  public Queue concurrencyMax(int changed) {
    return new Queue(name, changed, concurrencyMaxPerWorker, waitingMax);
  }

  /** The same with that many runs executing in one worker. */
  public Queue concurrencyMaxPerWorker(int changed) {
    return new Queue(name, concurrencyMax, changed, waitingMax);
  }

  /** The same with that many runs waiting at most. */
  public Queue waitingMax(int changed) {
    return new Queue(name, concurrencyMax, concurrencyMaxPerWorker, changed);
  }

  /**
   * Checks that a store may keep one more queue, whichever store it is.
   *
   * @param others how many other queues it keeps
   * @throws IllegalStateException where those are the most allowed
   */
  public void requireRoom(long others) {
    if (others >= COUNT_MAX) {
      throw new IllegalStateException(
          "Queue '%s' was not registered: there are %,d queues already, the most allowed."
              .formatted(name, others));
    }
  }

  /**
   * How full a queue is.
   *
   * @param queue its bounds
   * @param executing its runs that execute, or whose worker is gone and nobody took over yet
   * @param waiting its runs that were accepted or woke up and are to be executed, now or later
   */
  public record Load(Queue queue, int executing, int waiting) {
    /** Whether no further run may be started through it. */
    public boolean isFull() {
      return waiting >= queue.waitingMax();
    }

    /**
     * How many more of its runs a worker may claim.
     *
     * @param mine how many of them that worker executes
     */
    public int room(int mine) {
      return Math.max(
          0, Math.min(queue.concurrencyMax() - executing, queue.concurrencyMaxPerWorker() - mine));
    }

    /**
     * How many of its runs whose worker is gone a worker may take over: those hold their place
     * already.
     *
     * @param live how many of them a worker executes that is not gone
     * @param mine how many of them that worker executes
     */
    public int roomForOrphans(int live, int mine) {
      return Math.max(
          0, Math.min(queue.concurrencyMax() - live, queue.concurrencyMaxPerWorker() - mine));
    }
  }

  private static void between(String bound, int value) {
    if (value < 1 || value > MOST) {
      throw new IllegalArgumentException(
          "%s must be 1 to %,d, is %,d.".formatted(bound, MOST, value));
    }
  }
}

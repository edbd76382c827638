package dev.holdfast.testing;

import dev.holdfast.kernel.Limits;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.spi.Clock;
import dev.holdfast.kernel.spi.Randomness;
import dev.holdfast.kernel.spi.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * Threads that run one at a time, in virtual time: what is executed within {@link #run} happens in
 * the same order for the same seed, to the last entry.
 *
 * <p>A thread keeps the baton until it waits for something that is not there yet; the seed says who
 * gets it next. Where everybody waits, time leaps to what is due next, so that days cost nothing; a
 * look that is repeated for want of news may then come late. Engines get it through {@link
 * #settings}. Nothing within may wait in another way: no lock held across a wait, no {@code
 * Thread.sleep}. Safe within its own {@code run} only.
 */
public final class Baton implements Clock, InstantSource {
  private static final Instant START = Instant.parse("2024-05-01T12:00:00Z");
  private static final int TURNS_MAX = 1_000_000;
  private final Turns turns;
  private Duration adjusted = Duration.ZERO;

  private Baton(long seed, int turnsMax) {
    this.turns = new Turns(seed, turnsMax);
  }

  /** A baton whose every choice follows from that seed; passed on at most a million times. */
  public static Baton of(long seed) {
    return of(seed, TURNS_MAX);
  }

  /**
   * A baton whose every choice follows from that seed.
   *
   * @param turnsMax how often it is passed on at most, 1 or more; then {@link #run} fails
   */
  public static Baton of(long seed, int turnsMax) {
    if (turnsMax < 1) {
      throw new IllegalArgumentException(
          "turnsMax must be at least 1, is %,d.".formatted(turnsMax));
    }
    return new Baton(seed, turnsMax);
  }

  /**
   * Executes that, and returns once it and every thread that it led to have ended; once only.
   *
   * @throws AssertionError naming the seed when a thread dies of an exception, when everybody waits
   *     for what nobody will bring, or when the baton was passed on too often
   * @throws Exception what the work itself throws
   */
  public <T> T run(Callable<T> work) throws Exception {
    return turns.run(work);
  }

  /** Standard settings whose time, chance and threads these are, under that worker's name. */
  public Settings settings(String worker) {
    return Settings.standard()
        .worker(worker)
        .scheduler(scheduler(worker))
        .clock(this)
        .randomness(randomness());
  }

  /**
   * Opens that storage in virtual time and fences whoever had it open.
   *
   * @param commitDelayMax the longest that a group commit takes, which chance decides; 0 to 1
   *     minute
   */
  public InMemoryJournal journal(InMemoryJournal.Storage storage, Duration commitDelayMax) {
    var commits = new BatonCommits(turns, commitDelayMax);
    return new InMemoryJournal(storage, this, commits, Optional.empty());
  }

  /**
   * Opens that storage in virtual time beside others, as workers share a database: whose lease is
   * over ({@code leaseTtl} of the standard limits after it was paused or abandoned) loses its runs.
   *
   * @param worker whose pauses count
   * @param commitDelayMax the longest that a group commit takes, which chance decides; 0 to 1
   *     minute
   */
  public InMemoryJournal sharedJournal(
      InMemoryJournal.Storage storage, String worker, Duration commitDelayMax) {
    var lease = new MemoryLease(turns, worker, Limits.DEFAULT.leaseTtl());
    var commits = new BatonCommits(turns, commitDelayMax);
    return new InMemoryJournal(storage, this, commits, Optional.of(lease));
  }

  /** Threads of that worker, which can be held back together. */
  public Scheduler scheduler(String worker) {
    return new BatonScheduler(turns, worker);
  }

  /** Chance that follows from the seed. */
  public Randomness randomness() {
    return new Randomness() {
      @Override
      public long seed() {
        return turns.random().nextLong();
      }

      @Override
      public double fraction() {
        return turns.random().nextDouble();
      }
    };
  }

  /** Lets any thread that can go on have the baton, this one included. */
  public void passOn() {
    turns.passOn();
  }

  /** Holds back every thread of that worker while time goes on, as a stopped process would be. */
  public void pause(String worker) {
    turns.pause(worker);
  }

  /** Lets the threads of that worker go on. */
  public void resume(String worker) {
    turns.resume(worker);
  }

  @Override
  public Instant now() {
    return START.plus(turns.elapsed()).plus(adjusted);
  }

  @Override
  public Instant instant() {
    return now();
  }

  /** Moves the clock and no wait, as an adjusted machine clock would; backwards if negative. */
  public void adjust(Duration by) {
    adjusted = adjusted.plus(by);
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    turns.await(new CompletableFuture<Void>(), Turns.nanos(duration), false);
  }

  /** Lets that time pass for the calling thread, whoever interrupts it. */
  public void sleepAnyway(Duration duration) {
    var over = new CompletableFuture<Void>();
    turns.after(duration, () -> false, () -> over.complete(null));
    turns.awaitAnyway(over, () -> {});
  }

  /** Lets no group commit of any journal be over before that time has passed, as a slow disk. */
  public void stallCommits(Duration duration) {
    turns.stall(duration);
  }

  /** How often the baton was passed on so far. */
  public int turnsTaken() {
    return turns.taken();
  }

  Turns turns() {
    return turns;
  }
}

package dev.holdfast.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Who has the baton, who gets it next, and what time it is; used by whoever has the baton. */
final class Turns {
  /** A wait that only its future ends. */
  static final long NEVER = Long.MAX_VALUE;

  private static final Duration WALL_MAX = Duration.ofMinutes(1);
  private static final Duration FOR_EVER = Duration.ofDays(36_500);
  private static final long LEAP_MIN = Duration.ofMillis(50).toNanos();
  private static final ThreadLocal<@Nullable Member> CURRENT = new ThreadLocal<>();
  private final long seed;
  private final int takenMax;
  private final Random random;
  private final Agenda agenda = new Agenda();
  private final Set<Member> members = new LinkedHashSet<>();
  private final Map<String, Long> paused = new HashMap<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private Runnable afterEvent = () -> {};
  private @Nullable Throwable failure;
  private long now;
  private long stalledUntil;
  private long leap;
  private long news = 1;
  private long newsBefore;
  private int taken;

  Turns(long seed, int takenMax) {
    this.seed = seed;
    this.takenMax = takenMax;
    this.random = new Random(seed);
  }

  Random random() {
    return random;
  }

  int taken() {
    return taken;
  }

  /** The virtual time in nanoseconds. */
  long nanos() {
    return now;
  }

  Duration elapsed() {
    return Duration.ofNanos(now);
  }

  static long nanos(Duration duration) {
    if (duration.isNegative()) {
      return 0;
    }
    return duration.compareTo(FOR_EVER) > 0 ? FOR_EVER.toNanos() : duration.toNanos();
  }

  /** Told after every event, by whoever has the baton; what it throws ends everything. */
  void afterEvent(Runnable check) {
    afterEvent = check;
  }

  <T> T run(Callable<T> work) throws Exception {
    var result = new CompletableFuture<T>();
    start(
        "",
        "root",
        () -> {
          try {
            result.complete(work.call());
          } catch (Abandoned abandoned) {
            throw abandoned;
          } catch (Throwable thrown) { // the caller gets it
            result.completeExceptionally(thrown);
          }
        });
    hand(next());
    awaitEnd();
    if (failure != null && !result.isCompletedExceptionally()) {
      throw new AssertionError(
          "Seed %d, turn %,d: %s".formatted(seed, taken, failure.getMessage()), failure);
    }
    try {
      return result.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception exception -> throw exception;
        case Error error -> throw error;
        case null, default -> throw e;
      }
    }
  }

  private void awaitEnd() throws InterruptedException, ExecutionException {
    try {
      over.get(WALL_MAX.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException stuck) {
      throw new AssertionError(
          "Seed %d: a thread kept the baton for %s; it waits in a way that the baton cannot see."
              .formatted(seed, WALL_MAX),
          stuck);
    }
  }

  Thread start(String worker, String name, Runnable work) {
    if (failure != null) {
      throw new Abandoned();
    }
    var member = new Member(worker, name);
    member.thread =
        Thread.ofVirtual()
            .name(name)
            .unstarted(() -> {
              CURRENT.set(member);
              try {
                if (failure == null) {
                  work.run();
                }
              } catch (Abandoned abandoned) {
                news++;
              } catch (Throwable thrown) { // nobody else would hear of it
                fail(thrown);
              }
              end(member);
            });
    members.add(member);
    news++;
    return member.thread;
  }

  private void end(Member member) {
    members.remove(member);
    news++;
    if (members.isEmpty()) {
      over.complete(null);
    } else {
      hand(next());
    }
  }

  /**
   * Waits until the future is done, or so many nanoseconds at most.
   *
   * @param isLook whether it may return later than that, where nothing happens
   */
  boolean await(CompletableFuture<?> future, long atMost, boolean isLook)
      throws InterruptedException {
    if (future.isDone()) {
      return true;
    }
    Member self = current();
    self.await(future, atMost > NEVER - now ? NEVER : now + atMost, isLook);
    pass(self);
    boolean wasInterrupted = self.takeInterrupt();
    if (wasInterrupted && !future.isDone()) {
      throw new InterruptedException("Interrupted in the wait of " + self + ".");
    }
    if (wasInterrupted) {
      self.thread().interrupt();
    }
    return future.isDone();
  }

  /** Waits however often it is interrupted; the interrupt is kept. */
  void awaitAnyway(CompletableFuture<?> future, Runnable onInterrupt) {
    boolean wasInterrupted = false;
    boolean isDone = false;
    while (!isDone) {
      try {
        isDone = await(future, NEVER, false);
      } catch (InterruptedException e) {
        wasInterrupted = true;
        onInterrupt.run();
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  void passOn() {
    Member self = current();
    self.await(CompletableFuture.completedFuture(null), now, false);
    pass(self);
    if (self.takeInterrupt()) {
      self.thread().interrupt();
    }
  }

  /** Does that at that time, where it is still wanted. */
  void after(Duration delay, BooleanSupplier isStale, Runnable work) {
    agenda.add(now + nanos(delay), isStale, work);
  }

  /** Holds every commit back for that long. */
  void stall(Duration duration) {
    stalledUntil = Math.max(stalledUntil, now + nanos(duration));
  }

  /** How long commits are held back from now on. */
  Duration stalled() {
    return Duration.ofNanos(Math.max(0, stalledUntil - now));
  }

  void pause(String worker) {
    paused.putIfAbsent(worker, now);
  }

  OptionalLong pausedAt(String worker) {
    Long since = paused.get(worker);
    return since == null ? OptionalLong.empty() : OptionalLong.of(since);
  }

  void resume(String worker) {
    paused.remove(worker);
  }

  private static Member current() {
    Member self = CURRENT.get();
    if (self == null) {
      throw new IllegalStateException(
          "Thread %s does not belong to a baton. Do this within Baton.run."
              .formatted(Thread.currentThread().getName()));
    }
    return self;
  }

  private void pass(Member self) {
    if (failure == null) {
      Member next = next();
      if (next != self) {
        hand(next);
        self.rest();
      }
    }
    if (failure != null) {
      throw new Abandoned();
    }
    news += self.hasNews() ? 1 : 0;
  }

  private static void hand(Member next) {
    next.wake();
  }

  private Member next() {
    try {
      return chosen();
    } catch (RuntimeException | AssertionError broken) {
      fail(broken);
      return members.iterator().next();
    }
  }

  private void fail(Throwable thrown) {
    failure = failure == null ? thrown : failure;
  }

  private Member chosen() {
    if (failure != null) {
      return members.iterator().next();
    }
    if (++taken > takenMax) {
      throw new IllegalStateException(
          "the baton was passed on %,d times, the most allowed. %s".formatted(takenMax, members));
    }
    while (true) {
      news += agenda.perform(now);
      afterEvent.run();
      List<Member> able = able();
      if (!able.isEmpty()) {
        return able.get(random.nextInt(able.size()));
      }
      advance();
    }
  }

  private List<Member> able() {
    var able = new ArrayList<Member>();
    for (Member member : members) {
      if (!paused.containsKey(member.worker()) && member.isAble(now)) {
        able.add(member);
      }
    }
    return able;
  }

  /** Looks that brought no news are made at ever longer intervals, but never past an event. */
  private void advance() {
    long event = agenda.next();
    long look = NEVER;
    for (Member member : members) {
      if (!paused.containsKey(member.worker())) {
        event = member.isLook() ? event : Math.min(event, member.due());
        look = member.isLook() ? Math.min(look, member.due()) : look;
      }
    }
    leap = news > newsBefore ? LEAP_MIN : leap * 2;
    newsBefore = news;
    leapTo(look == NEVER ? event : Math.min(event, Math.max(look, now + leap)));
  }

  private void leapTo(long next) {
    if (next == NEVER || next > FOR_EVER.toNanos() * 2) {
      throw new IllegalStateException("everybody waits and nothing is to come: " + members);
    }
    now = Math.max(now, next);
  }

  /** Unwinds the threads of a run of the baton that has failed. */
  private static final class Abandoned extends Error {
    private static final long serialVersionUID = 1L;

    Abandoned() {
      super("The baton's run has failed.", null, false, false);
    }
  }

  /** One thread. */
  private static final class Member {
    private final String worker;
    private final String name;
    private @Nullable Thread thread;
    private CompletableFuture<?> awaited = CompletableFuture.completedFuture(null);
    private long due;
    private boolean isLook;
    private boolean isStarted;
    private volatile boolean hasBaton;
    private volatile boolean wasInterrupted;

    Member(String worker, String name) {
      this.worker = worker;
      this.name = name;
    }

    String worker() {
      return worker;
    }

    Thread thread() {
      return Objects.requireNonNull(thread, name);
    }

    long due() {
      return due;
    }

    boolean isLook() {
      return isLook;
    }

    void await(CompletableFuture<?> future, long until, boolean isOnlyLook) {
      awaited = future;
      due = until;
      isLook = isOnlyLook;
    }

    /** The flag is read first: who takes it from the thread has noted the interrupt before. */
    boolean isAble(long now) {
      return awaited.isDone() || due <= now || thread().isInterrupted() || wasInterrupted;
    }

    boolean hasNews() {
      return !isLook || awaited.isDone();
    }

    boolean takeInterrupt() {
      boolean isFlagged = Thread.interrupted();
      boolean taken = isFlagged || wasInterrupted;
      wasInterrupted = false;
      return taken;
    }

    void wake() {
      if (isStarted) {
        hasBaton = true;
        LockSupport.unpark(thread());
      } else {
        isStarted = true;
        thread().start();
      }
    }

    void rest() {
      while (!hasBaton) {
        LockSupport.park(this);
        if (Thread.currentThread().isInterrupted()) {
          wasInterrupted = true;
          clearInterrupt();
        }
      }
      hasBaton = false;
    }

    @SuppressWarnings("ReturnValueIgnored") // it is noted: the flag would make every park return
    private static void clearInterrupt() {
      Thread.interrupted();
    }

    @Override
    public String toString() {
      return "%s %s".formatted(worker, name);
    }
  }
}

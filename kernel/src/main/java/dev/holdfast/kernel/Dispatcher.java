package dev.holdfast.kernel;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Claims runs as they become ready and hands them on; one thread of its own. */
final class Dispatcher {
  /** What fault points are told before a claim, when nobody knows yet which runs it will get. */
  static final RunId ANY = new RunId("*");

  private static final System.Logger LOG = System.getLogger("dev.holdfast.kernel");
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int CLAIMS_MAX = 64;
  private final Parts parts;
  private final Set<WorkflowKey> workflows;
  private final Places places;
  private final Consumer<Claim> claimed;
  private final Consumer<List<RunId>> mailed;
  private final Scheduler scheduler;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile CompletableFuture<Void> wake = new CompletableFuture<>();
  private volatile @Nullable Thread thread;
  private volatile boolean stopped;
  private volatile boolean unclaimed = true;
  private volatile boolean starved;
  private int failures;

  Dispatcher(
      Parts parts,
      Set<WorkflowKey> workflows,
      Places places,
      Consumer<Claim> claimed,
      Consumer<List<RunId>> mailed) {
    this.parts = parts;
    this.workflows = workflows;
    this.places = places;
    this.claimed = claimed;
    this.mailed = mailed;
    this.scheduler = parts.settings().scheduler();
  }

  void start() {
    thread =
        scheduler.attend(
            "holdfast-dispatcher",
            () -> {
              try {
                dispatch();
              } finally {
                ended.complete(null);
              }
            });
  }

  /** Claims before the next regular look, also what a process that is gone left behind. */
  void lookAgain() {
    unclaimed = true;
    wake();
  }

  /** A run ended: one that had to wait for its slot can be claimed. */
  void slotFreed() {
    if (starved) {
      wake();
    }
  }

  /** Whether it still claims. */
  boolean isAlive() {
    return thread != null && !ended.isDone();
  }

  /** Looks before the next regular look. */
  void wake() {
    wake.complete(null);
  }

  /** Claims nothing more. */
  void halt() {
    stopped = true;
    Thread attending = thread;
    if (attending != null) {
      attending.interrupt();
    }
  }

  /** Ends the thread; a claim under way ends with the journal. */
  void stop() {
    halt();
    if (thread != null && Thread.currentThread() != thread) {
      joinQuietly();
    }
  }

  private void joinQuietly() {
    try {
      if (!scheduler.awaitAtMost(ended, PATIENCE)) {
        LOG.log(System.Logger.Level.WARNING, "The dispatcher did not end within {0}.", PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void dispatch() {
    try {
      while (!stopped) {
        if (!looked()) {
          rest();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (StoreFailed e) {
      if (!stopped) {
        LOG.log(System.Logger.Level.ERROR, "No run is claimed any more.", e);
      }
    }
  }

  /** What goes wrong with one look must not end all claiming. */
  private boolean looked() {
    try {
      mailed.accept(parts.journal().executingWithMail());
      boolean maybeMore = claimSome();
      if (failures > 0) {
        LOG.log(System.Logger.Level.INFO, "Runs are claimed again.");
      }
      failures = 0;
      return maybeMore;
    } catch (StoreFailed.Unavailable | Fenced notNow) { // a fenced worker may be let in again
      // Who knows of a trouble has told it.
      boolean isTold = parts.journal().trouble().isPresent();
      System.Logger.Level level = isTold ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING;
      failed(level, "Runs are not claimed now: " + notNow.getMessage(), null);
    } catch (StoreFailed.Damaged damaged) {
      failed(System.Logger.Level.ERROR, "Runs are not claimed now: " + damaged.getMessage(), null);
    } catch (StoreFailed lost) {
      throw lost;
    } catch (RuntimeException e) {
      failed(System.Logger.Level.ERROR, "Runs could not be claimed; trying again.", e);
    }
    return false;
  }

  private void failed(System.Logger.Level level, String what, @Nullable Throwable why) {
    if (failures == 0 && !stopped) {
      LOG.log(level, what, why);
    }
    failures++;
    unclaimed = true;
  }

  private void rest() throws InterruptedException {
    Duration rest = failures == 0 ? LOOK_EVERY : Patience.after(failures);
    if (scheduler.awaitAtMost(wake, rest)) {
      wake = new CompletableFuture<>();
    }
  }

  /** Whether there may be more at once. */
  private boolean claimSome() {
    Instant now = parts.settings().clock().now();
    boolean due = unclaimed || !parts.journal().nextReady().isAfter(now);
    if (!due || workflows.isEmpty()) {
      return false;
    }
    unclaimed = false;
    starved = true;
    int most = slotsTaken();
    starved = most == 0;
    int taken = 0;
    try {
      taken = most == 0 ? 0 : claim(now, most);
    } finally {
      places.giveBack(most - taken);
    }
    boolean maybeMore = most > 0 && taken == most;
    if (maybeMore || starved) {
      unclaimed = true;
    }
    return maybeMore;
  }

  private int slotsTaken() {
    int taken = 0;
    while (taken < CLAIMS_MAX && places.tryTake()) {
      taken++;
    }
    return taken;
  }

  private int claim(Instant now, int most) {
    parts.settings().faultPoints().reached(Boundary.BEFORE_CLAIM, ANY, StepPath.ROOT);
    List<Claim> claims = Client.await(parts.journal().claim(Set.copyOf(workflows), now, most));
    claims.forEach(claimed);
    return claims.size();
  }
}

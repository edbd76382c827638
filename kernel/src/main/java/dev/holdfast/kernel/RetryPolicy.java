package dev.holdfast.kernel;

import java.time.Duration;
import java.util.Optional;

/**
 * When and how often a failed attempt is followed by another: exponential backoff with jitter.
 *
 * @param attemptsMax 1 to 1,000; the first try counts, one that a crash cut short does not
 * @param delay before the second attempt; it doubles each time
 * @param delayMax the longest delay, at most 365 days
 * @param jitter the share of a delay that chance may take away, 0 to 1
 */
public record RetryPolicy(int attemptsMax, Duration delay, Duration delayMax, double jitter) {
  /** The longest delay that a policy or a target may ask for; beyond it is as good as never. */
  static final Duration LONGEST = Duration.ofDays(365);

  /** Five attempts, 200 ms doubling to 30 s, a fifth of jitter. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(5, Duration.ofMillis(200), Duration.ofSeconds(30), 0.2);

  /** One attempt. */
  public static final RetryPolicy NEVER = new RetryPolicy(1, Duration.ZERO, Duration.ZERO, 0);

  /** Checks every bound. */
  public RetryPolicy {
    if (attemptsMax < 1 || attemptsMax > 1_000) {
      throw new IllegalArgumentException(
          "attemptsMax must be 1 to 1,000, is %d.".formatted(attemptsMax));
    }
    if (delay.isNegative() || delayMax.compareTo(delay) < 0 || delayMax.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "A retry needs 0 <= delay <= delayMax <= %s, got %s and %s."
              .formatted(LONGEST, delay, delayMax));
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter must be 0 to 1, is %s.".formatted(jitter));
    }
  }

  /** The same with that many attempts. */
  public RetryPolicy attempts(int changed) {
    return new RetryPolicy(changed, delay, delayMax, jitter);
  }

  /** The same with these delays. */
  public RetryPolicy delays(Duration first, Duration longest) {
    return new RetryPolicy(attemptsMax, first, longest, jitter);
  }

  /**
   * The delay after that attempt, or empty after the last: delay · 2^(attempt-1), at most delayMax,
   * less chance · jitter of it.
   *
   * @param attempt the attempt that failed, from 1
   * @param chance 0 to 1
   */
  public Optional<Duration> delayAfter(int attempt, double chance) {
    if (attempt >= attemptsMax) {
      return Optional.empty();
    }
    double factor = Math.pow(2, Math.min(attempt - 1, 60));
    double millis = Math.min(delay.toMillis() * factor, (double) delayMax.toMillis());
    return Optional.of(Duration.ofMillis(Math.round(millis * (1 - jitter * chance))));
  }
}

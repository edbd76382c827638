package dev.holdfast.kernel;

import dev.holdfast.journal.RunId;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The bounds that every run lives in.
 *
 * @param effectTimeout how long one attempt may take; 1 ms to 1 day
 * @param retry how a failed attempt is followed by another
 * @param stepsMax steps of one run; beyond it the run is truncated
 * @param payloadBytesMax the largest encoded value, in characters of its encoding
 * @param heldIntentWait how long a step waits for another that holds its intent
 * @param retryInPlaceMax the longest delay that a run waits out on its thread; longer ones park it
 * @param runsMax how many runs execute at the same time
 * @param humanWait how long an approval is waited for that names no time; 1 ms to 365 days
 * @param poisonAfter how many workers in a row may die executing a run before it is executed alone;
 *     when that one dies too, the run is quarantined; 0 to 100, 0 never
 * @param stopGrace how long a call under way may still answer once its run is to end; after that it
 *     is interrupted and its outcome stays unknown; 0 to 1 minute
 * @param leaseTtl how long a worker of a database may be silent before others take its runs over; 1
 *     s to 1 hour
 */
public record Limits(
    Duration effectTimeout,
    RetryPolicy retry,
    int stepsMax,
    int payloadBytesMax,
    Duration heldIntentWait,
    Duration retryInPlaceMax,
    int runsMax,
    Duration humanWait,
    int poisonAfter,
    Duration stopGrace,
    Duration leaseTtl) {
  /** The longest run id, in characters. */
  public static final int RUN_ID_LENGTH_MAX = RunId.LENGTH_MAX;

  /**
   * 30 s, 5 attempts, 10,000 steps, 64 MiB, 10 minutes, 1 s, 1,000 runs, 7 days, 3 deaths, 5 s, 15
   * s.
   */
  public static final Limits DEFAULT =
      new Limits(
          Duration.ofSeconds(30),
          RetryPolicy.DEFAULT,
          10_000,
          64 << 20,
          Duration.ofMinutes(10),
          Duration.ofSeconds(1),
          1_000,
          Duration.ofDays(7),
          3,
          Duration.ofSeconds(5),
          Duration.ofSeconds(15));

  /** Checks every bound. */
  public Limits {
    between("effectTimeout", effectTimeout, Duration.ofMillis(1), Duration.ofDays(1));
    between("heldIntentWait", heldIntentWait, Duration.ZERO, Duration.ofDays(1));
    between("retryInPlaceMax", retryInPlaceMax, Duration.ZERO, Duration.ofMinutes(1));
    between("humanWait", humanWait, Duration.ofMillis(1), RetryPolicy.LONGEST);
    between("stopGrace", stopGrace, Duration.ZERO, Duration.ofMinutes(1));
    between("leaseTtl", leaseTtl, Duration.ofSeconds(1), Duration.ofHours(1));
    between("stepsMax", stepsMax, 1, 1_000_000);
    between("payloadBytesMax", payloadBytesMax, 1_024, 1 << 30);
    between("runsMax", runsMax, 1, 100_000);
    between("poisonAfter", poisonAfter, 0, 100);
  }

  /** The same with that timeout for one attempt. */
  public Limits effectTimeout(Duration changed) {
    return with(draft -> draft.effectTimeout = changed);
  }

  /** The same with that retry policy. */
  public Limits retry(RetryPolicy changed) {
    return with(draft -> draft.retry = changed);
  }

  /** The same with that many steps allowed in a run. */
  public Limits stepsMax(int changed) {
    return with(draft -> draft.stepsMax = changed);
  }

  /** The same with that bound on an encoded value. */
  public Limits payloadBytesMax(int changed) {
    return with(draft -> draft.payloadBytesMax = changed);
  }

  /** The same with that wait for a held intent. */
  public Limits heldIntentWait(Duration changed) {
    return with(draft -> draft.heldIntentWait = changed);
  }

  /** The same with that longest delay on the thread. */
  public Limits retryInPlaceMax(Duration changed) {
    return with(draft -> draft.retryInPlaceMax = changed);
  }

  /** The same with that many runs at once. */
  public Limits runsMax(int changed) {
    return with(draft -> draft.runsMax = changed);
  }

  /** The same with that wait for people. */
  public Limits humanWait(Duration changed) {
    return with(draft -> draft.humanWait = changed);
  }

  /** The same with that many deaths in a row allowed; 0 for as many as there are. */
  public Limits poisonAfter(int changed) {
    return with(draft -> draft.poisonAfter = changed);
  }

  /** The same with that grace for calls under way when their run is to end. */
  public Limits stopGrace(Duration changed) {
    return with(draft -> draft.stopGrace = changed);
  }

  /** The same with that lease. */
  public Limits leaseTtl(Duration changed) {
    return with(draft -> draft.leaseTtl = changed);
  }

  private Limits with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.limits();
  }

  /** The same bounds while one of them is changed. */
  private static final class Draft {
    private Duration effectTimeout;
    private RetryPolicy retry;
    private int stepsMax;
    private int payloadBytesMax;
    private Duration heldIntentWait;
    private Duration retryInPlaceMax;
    private int runsMax;
    private Duration humanWait;
    private int poisonAfter;
    private Duration stopGrace;
    private Duration leaseTtl;

    Draft(Limits from) {
      effectTimeout = from.effectTimeout;
      retry = from.retry;
      stepsMax = from.stepsMax;
      payloadBytesMax = from.payloadBytesMax;
      heldIntentWait = from.heldIntentWait;
      retryInPlaceMax = from.retryInPlaceMax;
      runsMax = from.runsMax;
      humanWait = from.humanWait;
      poisonAfter = from.poisonAfter;
      stopGrace = from.stopGrace;
      leaseTtl = from.leaseTtl;
    }

    Limits limits() {
      return new Limits(
          effectTimeout,
          retry,
          stepsMax,
          payloadBytesMax,
          heldIntentWait,
          retryInPlaceMax,
          runsMax,
          humanWait,
          poisonAfter,
          stopGrace,
          leaseTtl);
    }
  }

  private static void between(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s must be %s to %s, is %s.".formatted(name, least, most, value));
    }
  }

  private static void between(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be %,d to %,d, is %,d.".formatted(name, least, most, value));
    }
  }
}

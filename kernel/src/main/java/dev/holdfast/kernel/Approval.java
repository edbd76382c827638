package dev.holdfast.kernel;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What became of a question for approval; silence never grants. */
public sealed interface Approval {
  /** Somebody said yes to what they were shown. */
  record Granted(String who, String why) implements Approval {}

  /** Somebody said no. */
  record Denied(String who, String why) implements Approval {}

  /** Nobody answered in time. */
  record Expired() implements Approval {}

  /** Whether somebody said yes. */
  default boolean granted() {
    return this instanceof Granted;
  }

  /** Begins terms under which only these people may answer; anybody where none is named. */
  static Terms by(String... approvers) {
    return new Terms(List.of(approvers), Optional.empty(), Optional.empty());
  }

  /**
   * Who may answer, and until when.
   *
   * @param approvers who may; anybody where empty
   * @param within how long the question stands; {@link Limits#humanWait} where empty
   * @param escalation whom to ask once the time is up
   */
  record Terms(List<String> approvers, Optional<Duration> within, Optional<Escalation> escalation) {
    /** Copies the approvers and checks the time. */
    public Terms {
      approvers = List.copyOf(approvers);
      within.ifPresent(Approval::checkWait);
    }

    /** The same, standing for that long, at most 365 days. */
    public Terms within(Duration changed) {
      return new Terms(approvers, Optional.of(changed), escalation);
    }

    /** The same; when the time is up, these are asked once, for that long. */
    public Terms escalateTo(Duration wait, String... others) {
      var changed = new Escalation(Arrays.asList(others), wait);
      return new Terms(approvers, within, Optional.of(changed));
    }
  }

  /**
   * Whom to ask when the time is up.
   *
   * @param approvers who may answer then; anybody where empty
   * @param within how long the question stands then
   */
  record Escalation(List<String> approvers, Duration within) {
    /** Copies the approvers and checks the time. */
    public Escalation {
      approvers = List.copyOf(approvers);
      checkWait(within);
    }
  }

  private static void checkWait(Duration wait) {
    if (wait.isNegative() || wait.isZero() || wait.compareTo(RetryPolicy.LONGEST) > 0) {
      throw new IllegalArgumentException(
          "People need more than no time and at most %s to answer, these get %s."
              .formatted(RetryPolicy.LONGEST, wait));
    }
  }
}

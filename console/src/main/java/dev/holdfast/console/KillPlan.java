package dev.holdfast.console;

import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.testing.KillPoint;
import java.util.List;

/** Where the demo kills the agent's process: at each kind of boundary, of each kind of effect. */
final class KillPlan {
  /** The kill before which the bank is told to lose an answer. */
  static final KillPoint AFTER_LOST_ANSWER = new KillPoint(Boundary.AFTER_CALL, "refund", 2);

  /** In the order in which the run gets there. */
  static final List<KillPoint> POINTS =
      List.of(
          KillPoint.at(Boundary.AFTER_CLAIM),
          KillPoint.at(Boundary.AFTER_INTENT, "chat"),
          KillPoint.at(Boundary.AFTER_CALL, "chat"),
          KillPoint.at(Boundary.AFTER_CALL, "find_order"),
          KillPoint.at(Boundary.BEFORE_INTENT, "refund"),
          KillPoint.at(Boundary.AFTER_INTENT, "refund"),
          AFTER_LOST_ANSWER,
          KillPoint.at(Boundary.BEFORE_OUTCOME, "refund"),
          KillPoint.at(Boundary.AFTER_INTENT, "book_stock"),
          KillPoint.at(Boundary.AFTER_CALL, "book_stock"),
          KillPoint.at(Boundary.BEFORE_CALL, "write_to_customer"),
          KillPoint.at(Boundary.AFTER_CALL, "write_to_customer"),
          KillPoint.at(Boundary.BEFORE_INTENT, "book_pickup"),
          KillPoint.at(Boundary.AFTER_CALL, "book_pickup"),
          KillPoint.at(Boundary.AFTER_CALL, "chat"));

  private KillPlan() {}

  /** Where that is, in words. */
  static String phrase(Boundary boundary, String step) {
    return switch (boundary) {
      case BEFORE_CLAIM -> "before it took the run";
      case AFTER_CLAIM -> "right after it took the run";
      case BEFORE_INTENT -> "before the intent of " + step + " is written";
      case AFTER_INTENT -> "after the intent of " + step + ", before the call";
      case BEFORE_CALL -> "as the call of " + step + " is about to leave";
      case AFTER_CALL -> "after " + step + " is done, before anybody writes it down";
      case BEFORE_OUTCOME -> "as the outcome of " + step + " is about to be written";
      case AFTER_OUTCOME -> "after the outcome of " + step + " is queued";
      case BEFORE_COMMIT -> "as the journal is about to be synced, at " + step;
      case AFTER_COMMIT -> "after the journal is synced, at " + step;
    };
  }
}

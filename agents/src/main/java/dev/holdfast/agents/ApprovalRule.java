package dev.holdfast.agents;

import java.util.Map;

/**
 * Says which calls of a tool a person must approve before they leave.
 *
 * <p>It must depend on the arguments alone, since a replay asks it again. A class that {@link
 * Effect#approve} names needs a constructor without parameters.
 */
@FunctionalInterface
public interface ApprovalRule {
  /**
   * Whether a call with these arguments needs an approval.
   *
   * @param arguments as the tool's schema accepted them
   */
  boolean needsApproval(Map<String, Object> arguments);

  /** No call needs one. */
  final class Never implements ApprovalRule {
    @Override
    public boolean needsApproval(Map<String, Object> arguments) {
      return false;
    }
  }

  /** Every call needs one. */
  final class Always implements ApprovalRule {
    @Override
    public boolean needsApproval(Map<String, Object> arguments) {
      return true;
    }
  }
}

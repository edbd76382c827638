package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import dev.holdfast.kernel.Approval;
import dev.holdfast.kernel.Run;
import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which calls of a tool a person must approve, and who may.
 *
 * @param terms who may answer and until when
 */
record ToolApproval(ApprovalRule rule, Approval.Terms terms) {
  /**
   * What a person sees and answers: their answer counts for nothing else.
   *
   * @param contract what a repeat of the call would do
   */
  record Question(String agent, String tool, Contract contract, Map<String, Object> arguments) {}

  static Optional<ToolApproval> of(Effect declared) {
    boolean isAsked = declared.approve() != ApprovalRule.Never.class;
    boolean isTold =
        declared.approvers().length > 0
            || declared.escalateTo().length > 0
            || !declared.approveWithin().isEmpty()
            || !declared.escalateWithin().isEmpty();
    if (declared.escalateTo().length > 0 && declared.escalateWithin().isEmpty()) {
      throw new IllegalArgumentException("escalateTo needs escalateWithin: how long they have.");
    }
    if (!isAsked && isTold) {
      throw new IllegalArgumentException(
          "approvers, approveWithin and escalation say who approves what approve = … names.");
    }
    return isAsked
        ? Optional.of(new ToolApproval(rule(declared.approve()), terms(declared)))
        : Optional.empty();
  }

  private static Approval.Terms terms(Effect declared) {
    Approval.Terms terms =
        new Approval.Terms(
            List.of(declared.approvers()),
            Durations.parse("approveWithin", declared.approveWithin()),
            Optional.empty());
    return Durations.parse("escalateWithin", declared.escalateWithin())
        .map(within -> terms.escalateTo(within, declared.escalateTo()))
        .orElse(terms);
  }

  private static ApprovalRule rule(Class<? extends ApprovalRule> type) {
    try {
      Constructor<? extends ApprovalRule> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          "approve = %s.class cannot be made. Give it a constructor without parameters."
              .formatted(type.getSimpleName()),
          e);
    }
  }

  /** Asks where the rule wants it; returns what the model is told where the answer was no. */
  Optional<String> refusal(Run run, Question question) {
    if (!rule.needsApproval(question.arguments())) {
      return Optional.empty();
    }
    return switch (run.awaitApproval(question.tool(), question, terms)) {
      case Approval.Granted granted -> Optional.empty();
      case Approval.Denied denied -> Optional.of(Told.denied(denied.why()));
      case Approval.Expired expired -> Optional.of(Told.notApproved());
    };
  }
}

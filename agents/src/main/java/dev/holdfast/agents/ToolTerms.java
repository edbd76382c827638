package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.langchain4j.agent.tool.ReturnBehavior;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a tool declares about its effect, checked and parsed. */
record ToolTerms(
    Contract contract,
    Optional<IntentPattern> intent,
    Optional<Duration> timeout,
    int attemptsMax,
    Optional<Duration> settleAfter,
    Optional<Duration> validFor,
    DoubtPolicy onDoubt,
    List<String> rejections,
    List<Class<? extends Exception>> rejectedOn,
    ReturnBehavior returns,
    Optional<ToolApproval> approval) {
  /** Terms without an approval. */
  ToolTerms(
      Contract contract,
      Optional<IntentPattern> intent,
      Optional<Duration> timeout,
      int attemptsMax,
      Optional<Duration> settleAfter,
      Optional<Duration> validFor,
      DoubtPolicy onDoubt,
      List<String> rejections,
      List<Class<? extends Exception>> rejectedOn,
      ReturnBehavior returns) {
    this(
        contract,
        intent,
        timeout,
        attemptsMax,
        settleAfter,
        validFor,
        onDoubt,
        rejections,
        rejectedOn,
        returns,
        Optional.empty());
  }

  /** Copies the lists. */
  ToolTerms {
    rejections = List.copyOf(rejections);
    rejectedOn = List.copyOf(rejectedOn);
  }

  static ToolTerms of(Contract contract, ReturnBehavior returns) {
    return new ToolTerms(
        contract,
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        Optional.empty(),
        DoubtPolicy.ASK,
        List.of(),
        List.of(),
        returns);
  }

  /**
   * What holds for a tool of an adopted agent that declares nothing: nobody knows what a repeat
   * would do, so there is none, and the run goes on where the outcome is unknown.
   */
  static ToolTerms undeclared(ReturnBehavior returns) {
    return new ToolTerms(
        Contract.ONCE,
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        Optional.empty(),
        DoubtPolicy.PROCEED,
        List.of(),
        List.of(),
        returns);
  }

  static ToolTerms of(Effect declared, ReturnBehavior returns, Set<String> required) {
    return new ToolTerms(
        declared.value(),
        intent(declared, required),
        Durations.parse("timeout", declared.timeout()),
        declared.attemptsMax(),
        Durations.parse("settleAfter", declared.settleAfter()),
        Durations.parse("validFor", declared.validFor()),
        declared.onDoubt(),
        List.of(declared.rejections()),
        List.of(declared.rejectedOn()),
        returns,
        ToolApproval.of(declared));
  }

  /** The same; where a call needs no approval by its own declaration, then by that one. */
  ToolTerms approved(Optional<ToolApproval> table) {
    return new ToolTerms(
        contract,
        intent,
        timeout,
        attemptsMax,
        settleAfter,
        validFor,
        onDoubt,
        rejections,
        rejectedOn,
        returns,
        approval.or(() -> table));
  }

  private static Optional<IntentPattern> intent(Effect declared, Set<String> required) {
    if (declared.oncePer().length > 1
        || (declared.oncePer().length == 0) != declared.intent().isEmpty()) {
      throw new IllegalArgumentException(
          "oncePer names one scope and intent the fact; give both or neither.");
    }
    return declared.intent().isEmpty()
        ? Optional.empty()
        : Optional.of(IntentPattern.parse(declared.oncePer()[0], declared.intent(), required));
  }

  /** Whether calls may go out side by side: a repeat or another order does no harm. */
  boolean isHarmless() {
    return switch (contract) {
      case READ, IDEMPOTENT -> intent.isEmpty() && approval.isEmpty();
      case KEYED, TRANSACTIONAL, VERIFIED, ONCE -> false;
    };
  }
}

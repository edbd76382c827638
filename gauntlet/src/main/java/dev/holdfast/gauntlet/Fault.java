package dev.holdfast.gauntlet;

import dev.holdfast.journal.Contract;
import dev.holdfast.kernel.spi.Boundary;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Something that can be made to go wrong. */
public enum Fault {
  /** The process dies there, and another one opens the store a moment later. */
  CRASH(Faults.PROCESS),
  /** The target cannot be reached, so nothing was sent. */
  REFUSED(Faults.CALLS),
  /** The target says that it did nothing and may be asked again later. */
  TRY_LATER(Faults.CALLS),
  /** It is done, but the answer is lost on the way back. */
  ANSWER_LOST(Faults.CALLS),
  /** Nothing comes back within the timeout; it is done later, when nobody waits any more. */
  DONE_LATE(Faults.CALLS),
  /** The request arrives twice; the second answer comes back. */
  DELIVERED_TWICE(Faults.CALLS),
  /** The target says no, and will not change its mind. */
  REJECTED(Faults.CALLS);

  private final Faults group;

  Fault(Faults group) {
    this.group = group;
  }

  Faults group() {
    return group;
  }

  /** Whether it can strike at that boundary. */
  boolean strikesAt(Boundary boundary) {
    return switch (group) {
      case CALLS -> boundary == Boundary.BEFORE_CALL;
      case PROCESS, ALL -> true;
    };
  }

  /** Whether a run that meets it may end otherwise than one that does not. */
  boolean mayShow() {
    return switch (this) {
      case REJECTED -> true;
      case CRASH, REFUSED, TRY_LATER, ANSWER_LOST, DONE_LATE, DELIVERED_TWICE -> false;
    };
  }

  /** Whether it befalls calls of that contract; a network's own repeat is no runtime's to stop. */
  boolean isForCallsOf(Contract contract) {
    return switch (contract) {
      case READ, IDEMPOTENT, KEYED, TRANSACTIONAL -> true;
      case VERIFIED, ONCE -> this != DELIVERED_TWICE;
    };
  }

  /** As a schedule writes it. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Fault> of(String word) {
    return Arrays.stream(values()).filter(fault -> fault.word().equals(word)).findFirst();
  }
}

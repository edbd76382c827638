package dev.holdfast.gauntlet;

import dev.holdfast.gauntlet.Schedule.Moment;
import dev.holdfast.journal.Contract;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Something that can be made to go wrong. */
public enum Fault {
  /** The process dies there, and another one opens the store a moment later. */
  CRASH(Group.PROCESS),
  /** The process stands still beyond its lease, another one takes over, and then it goes on. */
  PAUSED(Group.PROCESS),
  /** The machine's clock is set back by an hour. */
  CLOCK_BACK(Group.PROCESS),
  /** The machine's clock leaps ahead by an hour. */
  CLOCK_AHEAD(Group.PROCESS),
  /** A flush fails and the store closes for good; nobody knows what it kept; a restart follows. */
  COMMIT_FAILED(Group.STORE),
  /** A commit takes 20 seconds. */
  COMMIT_SLOW(Group.STORE),
  /** The disk is full for a minute: writes wait, messages are refused, reads go on. */
  DISK_FULL(Group.STORE),
  /** The database cannot be reached for half a minute, as in a failover. */
  STORE_AWAY(Group.STORE),
  /** The target cannot be reached, so nothing was sent. */
  REFUSED(Group.CALLS),
  /** The target says that it did nothing and may be asked again later. */
  TRY_LATER(Group.CALLS),
  /** It is done, but the answer is lost on the way back. */
  ANSWER_LOST(Group.CALLS),
  /** Nothing comes back within the timeout; it is done later, when nobody waits any more. */
  DONE_LATE(Group.CALLS),
  /** The request arrives twice; the second answer comes back. */
  DELIVERED_TWICE(Group.CALLS),
  /** The target says no, and will not change its mind. */
  REJECTED(Group.CALLS),
  /** Half of the answer's text comes back. */
  PARTIAL_RESULT(Group.RESULTS),
  /** Something comes back that is no answer. */
  CORRUPT_RESULT(Group.RESULTS),
  /** The answer comes back among a million characters. */
  HUGE_RESULT(Group.RESULTS),
  /** The answer tells the model what to do. */
  HOSTILE_TEXT(Group.RESULTS),
  /** The model's provider says 429. */
  RATE_LIMITED(Group.MODELS),
  /** The model's provider says 429, and when to come back. */
  RATE_LIMITED_UNTIL(Group.MODELS),
  /** The model's provider says 503. */
  OVERLOADED(Group.MODELS),
  /** The model's answer breaks off on its way. */
  CUT_STREAM(Group.MODELS),
  /** The first token takes ten minutes. */
  SLOW_FIRST_TOKEN(Group.MODELS),
  /** The model says nothing. */
  EMPTY_REPLY(Group.MODELS),
  /** The model's reply ends at its output limit. */
  TRUNCATED_REPLY(Group.MODELS),
  /** The model's arguments are no JSON. */
  MALFORMED_JSON(Group.MODELS),
  /** The model calls a tool that there is not. */
  UNKNOWN_TOOL(Group.MODELS),
  /** The model gives arguments of other types. */
  WRONG_TYPES(Group.MODELS),
  /** The model will not do it. */
  MODEL_REFUSAL(Group.MODELS),
  /** The model asks once more for what it has asked for. */
  REPEATED_CALL(Group.MODELS),
  /** The model asks for the same from then on. */
  ENDLESS_LOOP(Group.MODELS),
  /** The conversation is too long for the model. */
  CONTEXT_OVERFLOW(Group.MODELS),
  /** A message arrives twice. */
  DUPLICATED(Group.MESSAGES),
  /** A message arrives, and whoever sent it does not learn that and sends it again. */
  ACKNOWLEDGEMENT_LOST(Group.MESSAGES),
  /** A message arrives two days late. */
  LATE(Group.MESSAGES),
  /** A message arrives after the one that was sent after it, or an hour later. */
  OVERTAKEN(Group.MESSAGES),
  /** Nobody answers that run any more. */
  NOBODY_ANSWERS(Group.PEOPLE),
  /** A second person answers what was answered. */
  TWO_ANSWER(Group.PEOPLE);

  /** Where faults come from. */
  enum Group {
    PROCESS,
    STORE,
    CALLS,
    RESULTS,
    MODELS,
    MESSAGES,
    PEOPLE
  }

  /** A run that meets one of these may end otherwise than one that does not. */
  private static final Set<Fault> MAY_SHOW =
      EnumSet.of(
          CLOCK_AHEAD,
          REJECTED,
          PARTIAL_RESULT,
          CORRUPT_RESULT,
          HUGE_RESULT,
          HOSTILE_TEXT,
          EMPTY_REPLY,
          TRUNCATED_REPLY,
          MALFORMED_JSON,
          UNKNOWN_TOOL,
          WRONG_TYPES,
          MODEL_REFUSAL,
          REPEATED_CALL,
          ENDLESS_LOOP,
          CONTEXT_OVERFLOW,
          LATE,
          OVERTAKEN,
          NOBODY_ANSWERS);

  private static final Set<Moment> WRITES =
      EnumSet.of(Moment.BEFORE_INTENT, Moment.BEFORE_OUTCOME, Moment.BEFORE_COMMIT);

  private final Group group;

  Fault(Group group) {
    this.group = group;
  }

  Group group() {
    return group;
  }

  /** The moments at which it can strike. */
  Set<Moment> moments() {
    return switch (group) {
      case PROCESS ->
          this == CRASH
              ? EnumSet.allOf(Moment.class)
              : EnumSet.complementOf(EnumSet.of(Moment.BEFORE_MESSAGE));
      case STORE -> WRITES;
      case CALLS, RESULTS, MODELS -> EnumSet.of(Moment.BEFORE_CALL);
      case MESSAGES, PEOPLE -> EnumSet.of(Moment.BEFORE_MESSAGE);
    };
  }

  /** Whether a run that meets it may end otherwise than one that does not. */
  boolean mayShow() {
    return MAY_SHOW.contains(this);
  }

  /** Whether it befalls calls of that contract; a network's own repeat is no runtime's to stop. */
  boolean isForCallsOf(Contract contract) {
    return switch (contract) {
      case READ, IDEMPOTENT, KEYED, TRANSACTIONAL -> true;
      case VERIFIED, ONCE -> this != DELIVERED_TWICE;
    };
  }

  /** As a schedule writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Fault> of(String word) {
    return Arrays.stream(values()).filter(fault -> fault.word().equals(word)).findFirst();
  }
}

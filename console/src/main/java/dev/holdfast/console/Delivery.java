package dev.holdfast.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.journal.RunId;

/**
 * What became of a message that was put into a run's mailbox.
 *
 * @param state as a word
 * @param text the same as a sentence
 */
record Delivery(State state, String text) {
  /** Whether it was applied. */
  enum State {
    /** The run's journal holds it. */
    APPLIED,
    /** An application has the store open and has not taken it yet. */
    UNDER_WAY,
    /** Nobody executes the run at the moment. */
    RECORDED,
    /** It came too late or did not fit, and changed nothing. */
    REFUSED
  }

  static final Delivery APPLIED =
      new Delivery(State.APPLIED, "Applied by the application that has this store open.");

  static final Delivery UNDER_WAY =
      new Delivery(
          State.UNDER_WAY,
          "Recorded; the application that has this store open applies it once the step under way"
              + " allows.");

  static final Delivery RECORDED =
      new Delivery(State.RECORDED, "Recorded; applied when an application opens this store.");

  static final Delivery FOR_CALLER =
      new Delivery(State.RECORDED, "Recorded; applied when the run's caller calls again.");

  static Delivery refused(String reason) {
    return new Delivery(State.REFUSED, reason);
  }

  /**
   * This, where the message may still count.
   *
   * @throws Complaint where it came too late or did not fit
   */
  Delivery orComplain(RunId run) {
    if (state == State.REFUSED) {
      throw new Complaint(
          "The message reached run '%s' and changed nothing: %s. `holdfast show %s` tells more."
              .formatted(run, text, Remedies.quoted(run.text())));
    }
    return this;
  }

  ObjectNode json(RunId run) {
    return Json.object().put("run", run.text()).put("delivery", Phrases.word(state));
  }
}

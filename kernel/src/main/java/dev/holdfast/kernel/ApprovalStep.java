package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Takes one question for approval to its answer, or to the end of its time. */
final class ApprovalStep {
  private final Activation activation;
  private final Scope scope;
  private final StepHistory step;
  private final Payload shown;
  private final String digest;
  private final Approval.Terms terms;

  ApprovalStep(
      Activation activation, Scope scope, StepPath path, Payload shown, Approval.Terms terms) {
    this.activation = activation;
    this.scope = scope;
    this.step = activation.history().find(path).orElseGet(() -> new StepHistory(path));
    this.shown = shown;
    this.digest =
        Digests.of(activation.parts().codec(), activation.parts().codec().canonical(shown));
    this.terms = terms;
  }

  Approval perform() {
    while (true) {
      switch (step.state()) {
        case StepHistory.State.Answered known when isSame(known.question()) -> {
          return answer(known.answer());
        }
        case StepHistory.State.Expired expired -> {
          return new Approval.Expired();
        }
        case StepHistory.State.Asked asked when isSame(asked.question()) ->
            waitFor(asked.question());
        case StepHistory.State.Fresh fresh -> ask();
        default -> askAgain();
      }
    }
  }

  private boolean isSame(Entry.ApprovalAsked question) {
    return question.digest().equals(digest);
  }

  private static Approval answer(Entry.ApprovalAnswered answer) {
    return answer.granted()
        ? new Approval.Granted(answer.who(), answer.why())
        : new Approval.Denied(answer.who(), answer.why());
  }

  private void waitFor(Entry.ApprovalAsked question) {
    var wait = new Wait.Approval(step.path(), question.approvers(), question.due());
    if (activation.now().isBefore(question.due())) {
      scope.await(wait, question.due());
      return;
    }
    if (hasAnswer()) {
      throw scope.suspend(wait);
    }
    timeIsUp(question);
  }

  private void timeIsUp(Entry.ApprovalAsked question) {
    if (question.escalates() && terms.escalation().isPresent()) {
      Approval.Escalation others = terms.escalation().get();
      ask(others.approvers(), others.within(), false);
    } else {
      activation.outcome(step, new Entry.WaitEnded(step.path()));
    }
  }

  /** Whether one was sent since the mail was read; the next claim says whether it counts. */
  private boolean hasAnswer() {
    return activation.hasMail(letter ->
        letter.message() instanceof Message.Approve answer && answer.path().equals(step.path()));
  }

  /** An answer was given to something else than what is to be done now. */
  private void askAgain() {
    if (!activation.history().isLast(step.path())) {
      throw scope.tookAnotherPath(step.path(), "asked for the approval of something else");
    }
    ask();
  }

  private void ask() {
    Duration within = terms.within().orElse(activation.limits().humanWait());
    ask(terms.approvers(), within, terms.escalation().isPresent());
  }

  private void ask(List<String> approvers, Duration within, boolean escalates) {
    Instant due = activation.now().plus(within);
    activation.outcome(
        step, new Entry.ApprovalAsked(step.path(), shown, digest, approvers, due, escalates));
  }
}

package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Wait;
import java.time.Duration;

/** A step's request for a business fact that happens at most once, whoever asks. */
record FactRequest(
    Activation activation, Scope scope, StepPath path, Intent.Scope unique, String name) {
  /** What the step does next. */
  sealed interface Answer {
    /** It brings the fact about. */
    record Yours(Intent intent) implements Answer {}

    /** Its outcome is known without it. */
    record Known(Entry.OfStep outcome) implements Answer {}

    /** Another step was at it; how that ended is known now. */
    record AskAgain() implements Answer {}
  }

  Answer ask(Entry.Call call) {
    return switch (activation.intents().acquire(unique, name, path, call)) {
      case Intents.Grant.Yours yours -> new Answer.Yours(yours.intent());
      case Intents.Grant.Happened happened ->
          new Answer.Known(
              new Entry.EffectSucceeded(path, happened.result(), Entry.Origin.DEDUPLICATED));
      case Intents.Grant.Conflict conflict -> conflict(conflict, call);
      case Intents.Grant.Held held -> awaitHolder(held);
      case Intents.Grant.InDoubt doubt ->
          refused(
              new Failure.NotSent(
                  "intent-in-doubt",
                  "'%s' is in doubt at %s; settle that first.".formatted(name, doubt.holder())));
    };
  }

  private Answer conflict(Intents.Grant.Conflict conflict, Entry.Call call) {
    return refused(
        new Failure.Rejected(
            EffectFailed.IntentConflict.CODE,
            """
            '%s' was done by %s with %s, this step asks with %s. Use the same input, or \
            name another fact.\
            """
                .formatted(
                    name,
                    conflict.holder(),
                    Redaction.of(conflict.input().text()),
                    Redaction.of(call.input().text()))));
  }

  private Answer refused(Failure failure) {
    return new Answer.Known(new Entry.EffectGaveUp(path, failure, 0));
  }

  private Answer awaitHolder(Intents.Grant.Held held) {
    Duration most = activation.limits().heldIntentWait();
    Calls.Called<Boolean> waited =
        Calls.call(
            activation,
            path.segment(),
            () -> {
              held.released().get();
              return true;
            },
            most);
    if (activation.stopped().isPresent()) {
      throw new Suspension();
    }
    if (!(waited instanceof Calls.Called.Returned<Boolean>)) {
      return refused(
          new Failure.NotSent(
              "intent-held", "held by %s for longer than %s.".formatted(held.holder(), most)));
    }
    if (activation.isParked(held.holder())) {
      throw scope.suspend(new Wait.HeldIntent(path, held.holder()));
    }
    return new Answer.AskAgain();
  }
}

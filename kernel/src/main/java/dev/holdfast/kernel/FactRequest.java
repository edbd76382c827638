package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.kernel.spi.Boundary;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A step's request for a business fact that happens at most once, whoever asks: first among the
 * steps of its run, then, where the fact is global, of the store's ledger.
 */
record FactRequest(
    Activation activation,
    Scope scope,
    StepHistory step,
    Intent.Scope unique,
    String name,
    Optional<Entry.Undo> undo) {
  /** What the step does next. */
  sealed interface Answer {
    /** It brings the fact about. */
    record Yours(Intent intent) implements Answer {}

    /** That is journaled already: its intent, or its outcome. */
    record Written(Recorded entry) implements Answer {}

    /** Its outcome is known without it. */
    record Known(Entry.OfStep outcome) implements Answer {}

    /** Another step was at it; how that ended is known now. */
    record AskAgain() implements Answer {}
  }

  Answer ask(Entry.Call call) {
    return switch (activation.intents().acquire(unique, name, path(), call)) {
      case Intents.Grant.Yours yours ->
          switch (unique) {
            case RUN -> new Answer.Yours(yours.intent());
            case GLOBAL -> askLedger(call);
          };
      case Intents.Grant.Happened happened ->
          new Answer.Known(
              new Entry.EffectSucceeded(path(), happened.result(), Entry.Origin.DEDUPLICATED));
      case Intents.Grant.Conflict conflict ->
          refused(
              EffectFailed.IntentConflict.of(
                  name, conflict.holder().toString(), conflict.input(), call));
      case Intents.Grant.Held held -> awaitHolder(held);
      case Intents.Grant.InDoubt doubt ->
          refused(
              new Failure.NotSent(
                  "intent-in-doubt",
                  "'%s' is in doubt at %s; settle that first.".formatted(name, doubt.holder())));
    };
  }

  /** What the fact came to, where it has happened with the same input; asks for nothing. */
  Optional<Payload> happened(Entry.Call call) {
    return switch (unique) {
      case RUN -> activation.intents().happened(name, call);
      case GLOBAL ->
          activation
              .reading(() -> activation.parts().journal().fact(name))
              .filter(fact -> fact.state() == Fact.State.HAPPENED)
              .filter(fact -> fact.inputDigest().equals(call.inputDigest()))
              .map(Fact::result);
    };
  }

  private StepPath path() {
    return step.path();
  }

  private Answer refused(Failure failure) {
    return new Answer.Known(new Entry.EffectGaveUp(path(), failure, 0));
  }

  /** The ledger's answer is journaled with it, so that neither can be without the other. */
  private Answer askLedger(Entry.Call call) {
    Instant now = activation.now();
    var request =
        new Ledger.Request(
            activation.parts().codec(), activation.run(), path(), call, undo, name, now, due(now));
    activation.fault(Boundary.BEFORE_INTENT, path());
    Recorded written = activation.reserve(name, row -> Ledger.decide(request, row));
    step.apply(written);
    if (written.entry() instanceof Entry.WaitStarted) {
      throw scope.suspend(heldElsewhere(request.due()));
    }
    activation.intents().ended(new Intent(unique, name, 0), step.state());
    activation.fault(Boundary.AFTER_INTENT, path());
    return new Answer.Written(written);
  }

  private Instant due(Instant now) {
    return step.state() instanceof StepHistory.State.Waiting waiting
        ? waiting.due()
        : now.plus(activation.limits().heldIntentWait());
  }

  /** Who holds it may be done by now; then the run is ready as soon as it is parked. */
  private Wait heldElsewhere(Instant due) {
    return new Wait.HeldFact(path(), name, holder(), due);
  }

  private RunId holder() {
    return activation.reading(() -> activation.parts().journal().fact(name)).orElseThrow().run();
  }

  private Answer awaitHolder(Intents.Grant.Held held) {
    Duration most = activation.limits().heldIntentWait();
    Calls.Called<Boolean> waited =
        Calls.call(
            activation,
            path().segment(),
            () -> {
              activation.parts().settings().scheduler().await(held.released());
              return true;
            },
            most);
    activation.checkNotStopped();
    if (!(waited instanceof Calls.Called.Returned<Boolean>)) {
      return refused(
          new Failure.NotSent(
              "intent-held", "held by %s for longer than %s.".formatted(held.holder(), most)));
    }
    if (activation.isParked(held.holder())) {
      throw scope.suspend(new Wait.HeldIntent(path(), held.holder()));
    }
    return new Answer.AskAgain();
  }
}

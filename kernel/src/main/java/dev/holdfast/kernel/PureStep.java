package dev.holdfast.kernel;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import java.util.Optional;
import java.util.function.Supplier;

/** Takes a computation that touches nothing outside to its outcome, or returns the recorded one. */
record PureStep<O>(Activation activation, StepPath path, Class<O> type, Supplier<O> body) {
  O perform() {
    Optional<StepHistory.State> state = activation.history().find(path).map(StepHistory::state);
    if (state.isPresent() && state.get() instanceof StepHistory.State.GaveUp gaveUp) {
      throw new EffectFailed(path, gaveUp.failure(), gaveUp.attempts());
    }
    Payload result =
        state.isPresent() && state.get() instanceof StepHistory.State.Done done
            ? done.result()
            : computed();
    return activation.parts().decode(result, type);
  }

  private Payload computed() {
    Payload result;
    try {
      result = activation.parts().encode(computedInPlace());
    } catch (Throwable thrown) { // whatever it is, a replay must meet the same
      throw failed(thrown);
    }
    var call = new Entry.Call(Contract.READ, "", Payload.NULL);
    activation.append(new Entry.StepAnswered(path, call, result));
    return result;
  }

  /** Interrupted where the run is to end and the grace is over. */
  private O computedInPlace() {
    Runnable cut = Thread.currentThread()::interrupt;
    activation.urgency().begun(cut);
    try {
      return body.get();
    } finally {
      activation.urgency().over(cut);
    }
  }

  private Error failed(Throwable thrown) {
    if (activation.stopped().isPresent()) {
      return new Suspension();
    }
    Failure failure = activation.parts().classify(unknown -> Optional.empty(), thrown);
    activation.append(new Entry.EffectGaveUp(path, failure, 1));
    throw new EffectFailed(path, failure, 1);
  }
}

package dev.holdfast.kernel;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.StepPath;
import java.util.Optional;

/** What one run of a session hands to the next, as one activation reads and changes it. */
final class SessionState {
  /** A state with the place in the journal at which it was handed on: the last place counts. */
  private record HandedOn(long sequence, Payload state) {}

  private final Activation activation;
  private Optional<HandedOn> last = Optional.empty();

  /** Takes over what was handed on, perhaps in turns that are not played again. */
  SessionState(Activation activation) {
    this.activation = activation;
    for (StepHistory step : activation.history().steps()) {
      if (isHandedOn(step.path())) {
        keep(new HandedOn(step.sequence(), result(step.state())));
      }
    }
  }

  /** Whether that is a step which hands a state on. */
  static boolean isHandedOn(StepPath path) {
    return path.kind().equals("session") && path.name().equals("hand-on");
  }

  /** What the run before handed on, recorded at the first call. */
  Payload read(StepPath path) {
    return recorded(path)
        .map(StepHistory::state)
        .map(SessionState::result)
        .orElseGet(() -> {
          String key = key(path, "has no state of a session to read");
          Payload state = activation.parts().journal().sessionState(key).orElse(Payload.NULL);
          append(path, state);
          return state;
        });
  }

  /** Keeps what the next run gets if this one completes. */
  void handOn(StepPath path, Payload state) {
    Optional<StepHistory> step = recorded(path);
    if (step.isPresent()) {
      keep(new HandedOn(step.get().sequence(), result(step.get().state())));
    } else {
      key(path, "has no session to hand a state on in");
      keep(new HandedOn(append(path, state).sequence(), state));
    }
  }

  private synchronized void keep(HandedOn handedOn) {
    if (last.filter(kept -> kept.sequence() > handedOn.sequence()).isEmpty()) {
      last = Optional.of(handedOn);
    }
  }

  /** What the next run gets, if this one said so. */
  synchronized Optional<Payload> handedOn() {
    return last.map(HandedOn::state);
  }

  private Optional<StepHistory> recorded(StepPath path) {
    return activation.history().find(path);
  }

  private static Payload result(StepHistory.State state) {
    return state instanceof StepHistory.State.Done done ? done.result() : Payload.NULL;
  }

  private Recorded append(StepPath path, Payload state) {
    var call = new Entry.Call(Contract.READ, "", Payload.NULL);
    return activation.append(new Entry.StepAnswered(path, call, state));
  }

  private String key(StepPath path, String problem) {
    RunId run = activation.run();
    return activation
        .parts()
        .journal()
        .find(run)
        .flatMap(RunState::session)
        .orElseThrow(() ->
            new IllegalStateException(
                "Run %s %s at '%s': it was started outside of a session. Start it with"
                        .formatted(run, problem, path)
                    + " Admission.inSession(key)."));
  }
}

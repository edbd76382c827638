package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.spi.Boundary;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** A loop whose turns are sealed one by one. */
final class Turns<S> {
  private final Activation activation;
  private final Scope outer;
  private final StepPath path;
  private final Class<S> type;
  private final BiFunction<Run, S, Run.Turn<S>> body;
  private int unsealed;

  Turns(
      Activation activation,
      Scope outer,
      StepPath path,
      Class<S> type,
      BiFunction<Run, S, Run.Turn<S>> body) {
    this.activation = activation;
    this.outer = outer;
    this.path = path;
    this.type = type;
    this.body = body;
  }

  S perform(S initial) {
    if (activation.history().find(path).isEmpty()) {
      activation.append(new Entry.ScopeOpened(path, List.of()));
    }
    Optional<Entry.TurnSealed> sealed = activation.history().sealed(path);
    Payload state =
        sealed
            .map(Entry.TurnSealed::state)
            .orElseGet(() -> activation.encoded(initial, "state", path));
    boolean isOver = sealed.filter(Entry.TurnSealed::last).isPresent();
    for (int number = sealed.map(seal -> number(seal.path()) + 1).orElse(0); !isOver; number++) {
      StepPath at = path.child(Seals.TURN, Seals.TURN, number);
      Run.Turn<S> turn = play(at, decoded(state));
      isOver = turn instanceof Run.Turn.Done;
      state = activation.encoded(turn.state(), "state", at);
      seal(new Entry.TurnSealed(at, state, isOver));
    }
    return decoded(state);
  }

  private Run.Turn<S> play(StepPath at, S state) {
    var turn = new Scope(activation, at, outer.lost());
    Run.Turn<S> played = turn.finish(() -> body.apply(turn, state), outer);
    unsealed += turn.taken();
    return played;
  }

  private S decoded(Payload state) {
    return activation.parts().decode(state, type);
  }

  /** What is not known of a turn, or was recorded after it, must not be passed over later. */
  private void seal(Entry.TurnSealed seal) {
    List<StepPath> turns = activation.history().order(path);
    boolean isLatest = turns.isEmpty() || number(turns.getLast()) <= number(seal.path());
    if (isLatest && !activation.isOpen(path)) {
      activation.fault(Boundary.BEFORE_OUTCOME, seal.path());
      activation.append(seal);
      activation.fault(Boundary.AFTER_OUTCOME, seal.path());
      outer.forget(unsealed);
      unsealed = 0;
    }
  }

  private static int number(StepPath turn) {
    String segment = turn.segment();
    return Integer.parseInt(segment.substring(segment.lastIndexOf('#') + 1));
  }
}

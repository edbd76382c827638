package dev.holdfast.kernel;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Which business facts of one run have happened, are under way or in doubt; rebuilt from the
 * journal at each claim, so that it cannot disagree with it.
 */
final class Intents {
  /** What a step learns that asks for an intent. */
  sealed interface Grant {
    /** It is this step's, under that generation. */
    record Yours(Intent intent) implements Grant {}

    /** It happened before, with the same input. */
    record Happened(Payload result) implements Grant {}

    /** It happened, or is under way, with another input. */
    record Conflict(StepPath holder, Payload input) implements Grant {}

    /** Another step is at it; ask again when the future is done. */
    record Held(StepPath holder, CompletableFuture<Void> released) implements Grant {}

    /** Nobody knows whether it happened. */
    record InDoubt(StepPath holder) implements Grant {}
  }

  private enum Phase {
    HELD,
    HAPPENED,
    IN_DOUBT,
    FREE
  }

  private static final class Row {
    private StepPath holder = StepPath.ROOT;
    private Entry.Call call = new Entry.Call(Contract.READ, "", Payload.NULL);
    private Phase phase = Phase.FREE;
    private Payload result = Payload.NULL;
    private int generation;
    private CompletableFuture<Void> released = new CompletableFuture<>();
  }

  private final Map<String, Row> rows = new HashMap<>();

  /** Takes over what the journal says of a step that has an intent. */
  synchronized void restore(StepHistory step) {
    if (step.intent().isEmpty() || step.call().isEmpty()) {
      return;
    }
    Intent intent = step.intent().get();
    Row row = row(intent.scope(), intent.name());
    row.generation = Math.max(row.generation, intent.generation());
    if (step.state() instanceof StepHistory.State.Fresh) {
      return; // given up, and free to ask again like any other
    }
    row.holder = step.path();
    row.call = step.call().get();
    switch (step.state()) {
      case StepHistory.State.Done done -> happened(row, done.result());
      case StepHistory.State.GaveUp gaveUp -> gaveUp(row, gaveUp.failure());
      case StepHistory.State.LeftUnknown left -> row.phase = Phase.IN_DOUBT;
      case StepHistory.State.Doubted doubted -> row.phase = Phase.IN_DOUBT;
      case StepHistory.State.Fresh fresh -> {}
      case StepHistory.State.Attempting open -> row.phase = Phase.HELD;
      case StepHistory.State.Failed failed -> row.phase = Phase.HELD;
      case StepHistory.State.Denied denied -> row.phase = Phase.HELD;
      case StepHistory.State.Waiting waiting -> {}
      case StepHistory.State.Question question -> {}
      case StepHistory.State.Child child -> {}
    }
  }

  /** Asks for an intent on behalf of a step. */
  synchronized Grant acquire(Intent.Scope scope, String name, StepPath path, Entry.Call call) {
    Row row = row(scope, name);
    boolean same = row.call.inputDigest().equals(call.inputDigest());
    return switch (row.phase) {
      case FREE -> {
        row.phase = Phase.HELD;
        row.holder = path;
        row.call = call;
        row.released = new CompletableFuture<>();
        yield new Grant.Yours(new Intent(scope, name, row.generation));
      }
      case HELD -> new Grant.Held(row.holder, row.released);
      case IN_DOUBT -> new Grant.InDoubt(row.holder);
      case HAPPENED ->
          same ? new Grant.Happened(row.result) : new Grant.Conflict(row.holder, row.call.input());
    };
  }

  /** What a fact of the run came to, where it has happened with the same input. */
  synchronized Optional<Payload> happened(String name, Entry.Call call) {
    Row row = row(Intent.Scope.RUN, name);
    boolean same = row.call.inputDigest().equals(call.inputDigest());
    return row.phase == Phase.HAPPENED && same ? Optional.of(row.result) : Optional.empty();
  }

  /** Says how the holder's step ended. */
  synchronized void ended(Intent intent, StepHistory.State state) {
    Row row = row(intent.scope(), intent.name());
    switch (state) {
      case StepHistory.State.Done done -> happened(row, done.result());
      case StepHistory.State.GaveUp gaveUp -> gaveUp(row, gaveUp.failure());
      case StepHistory.State.LeftUnknown left -> row.phase = Phase.IN_DOUBT;
      case StepHistory.State.Doubted doubted -> row.phase = Phase.IN_DOUBT;
      case StepHistory.State.Fresh fresh -> {}
      case StepHistory.State.Attempting open -> {}
      case StepHistory.State.Failed failed -> {}
      case StepHistory.State.Denied denied -> {}
      case StepHistory.State.Waiting waiting -> {}
      case StepHistory.State.Question question -> {}
      case StepHistory.State.Child child -> {}
    }
    if (row.phase != Phase.HELD) {
      row.released.complete(null);
    }
  }

  private Row row(Intent.Scope scope, String name) {
    return rows.computeIfAbsent(scope + " " + name, fresh -> new Row());
  }

  private static void happened(Row row, Payload result) {
    row.phase = Phase.HAPPENED;
    row.result = result;
  }

  /** A refusal may be stored at the target under the old key, so the next try gets a new one. */
  private static void gaveUp(Row row, Failure failure) {
    switch (failure) {
      case Failure.Rejected rejected -> {
        row.phase = Phase.FREE;
        row.generation++;
      }
      case Failure.NotSent notSent -> row.phase = Phase.FREE;
      case Failure.Transient later -> row.phase = Phase.FREE;
      case Failure.Unknown unknown -> row.phase = Phase.IN_DOUBT;
    }
  }

  /** Wakes those who wait for a step that waits itself: they must wait for the run's next claim. */
  synchronized void parked(StepPath holder) {
    for (Row row : rows.values()) {
      if (row.holder.equals(holder)) {
        row.released.complete(null);
      }
    }
  }
}

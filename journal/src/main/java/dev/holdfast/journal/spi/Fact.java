package dev.holdfast.journal.spi;

import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import java.util.Optional;

/**
 * A business fact that happens at most once in a store, as the store's ledger keeps it.
 *
 * @param name the fact's name and arguments in canonical form
 * @param generation how often a refusal set it free before
 * @param state where it stands
 * @param run the run that brought it about, or is at it
 * @param path that run's step
 * @param inputDigest the digest of the canonical input of that step
 * @param input that input
 * @param result what the effect returned; null where it has not
 * @param settledBy who settled it in the place of its run and why; empty where nobody had to
 */
public record Fact(
    String name,
    int generation,
    State state,
    RunId run,
    StepPath path,
    String inputDigest,
    Payload input,
    Payload result,
    String settledBy) {
  /** A fact as its own run keeps it. */
  public Fact(
      String name,
      int generation,
      State state,
      RunId run,
      StepPath path,
      String inputDigest,
      Payload input,
      Payload result) {
    this(name, generation, state, run, path, inputDigest, input, result, "");
  }

  /** Where a fact stands. */
  public enum State {
    /** A step is at it. */
    HELD,
    /** Nobody knows whether it happened. */
    IN_DOUBT,
    /** It happened. */
    HAPPENED,
    /** It did not happen; whoever asks next may bring it about. */
    FREE,
    /** It happened; its run was erased since, and with it the input and the result. */
    ERASED
  }

  /** The same, with who settled it in the place of its run and why. */
  public Fact settledBy(String audit) {
    return new Fact(name, generation, state, run, path, inputDigest, input, result, audit);
  }

  /** The same in that state, without a result. */
  public Fact in(State changed) {
    return new Fact(name, generation, changed, run, path, inputDigest, input, Payload.NULL);
  }

  /** The same, as it happened. */
  public Fact happened(Payload returned) {
    return new Fact(name, generation, State.HAPPENED, run, path, inputDigest, input, returned);
  }

  /**
   * The same, free for another try under another key: a refusal may be stored under the old one.
   */
  public Fact refused() {
    return new Fact(name, generation + 1, State.FREE, run, path, inputDigest, input, Payload.NULL);
  }

  /**
   * Checks that a run may say how a fact stands, whichever store keeps it.
   *
   * @param row the fact's row, if there is one
   * @throws IllegalStateException where the fact is not that run's
   */
  public void requireHeldBy(RunId asking, Optional<Fact> row) {
    if (!run.equals(asking) || row.filter(held -> mayFollow(held, asking)).isEmpty()) {
      throw new IllegalStateException(
          "Run %s does not hold the fact '%s': %s. Reserve it first."
              .formatted(asking, name, row.map(Fact::standing).orElse("nobody does")));
    }
  }

  /**
   * Checks that a person may settle a fact as this says, whichever store keeps it.
   *
   * @param row the fact's row, if there is one
   * @return the row
   * @throws IllegalStateException where it is not in doubt, or would not be settled
   */
  public Fact requireDoubtful(Optional<Fact> row) {
    if (row.filter(known -> known.state() == State.IN_DOUBT).isEmpty()) {
      throw new IllegalStateException(
          "The fact '%s' is not in doubt: %s. There is nothing to settle."
              .formatted(name, row.map(Fact::standing).orElse("nobody asked for it")));
    }
    if (state != State.HAPPENED && state != State.FREE) {
      throw new IllegalStateException(
          "The fact '%s' cannot be settled as %s. Say that it happened or that it is free."
              .formatted(name, state));
    }
    return row.get();
  }

  /** A run says how its fact came out, or that what it brought about is undone. */
  private boolean mayFollow(Fact row, RunId asking) {
    boolean isUndone = row.state == State.HAPPENED && state == State.FREE && row.run.equals(asking);
    return row.isOpenFor(asking) || isUndone;
  }

  private boolean isOpenFor(RunId asking) {
    return run.equals(asking) && (state == State.HELD || state == State.IN_DOUBT);
  }

  private String standing() {
    return "%s by run %s at %s".formatted(state, run, path);
  }
}

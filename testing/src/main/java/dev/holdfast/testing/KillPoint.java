package dev.holdfast.testing;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import java.io.PrintStream;
import java.util.Optional;

/**
 * A place in the life of a run at which a child process stands still until its parent kills it.
 *
 * <p>The parent names it when it starts a {@link ChildJvm}; the child obeys it by giving {@link
 * #ofThisProcess} to its settings.
 *
 * @param boundary the point in the life of a step
 * @param step the step's name, such as {@code pay-back}; empty for any step
 * @param visit which arrival there counts, within one process, from 1
 */
public record KillPoint(Boundary boundary, String step, int visit) {
  static final String PROPERTY = "holdfast.killPoint";
  private static final String ANNOUNCEMENT = "holdfast-stands-at ";
  private static final String SEPARATOR = "|";

  /** Checks the visit. */
  public KillPoint {
    if (visit < 1) {
      throw new IllegalArgumentException("visit must be >= 1, is %d.".formatted(visit));
    }
  }

  /** The first arrival at that boundary of the step with that name. */
  public static KillPoint at(Boundary boundary, String step) {
    return new KillPoint(boundary, step, 1);
  }

  /** The first arrival at that boundary, whatever the step. */
  public static KillPoint at(Boundary boundary) {
    return new KillPoint(boundary, "", 1);
  }

  /**
   * What the parent of this process asked for: fault points that announce the place and hold the
   * thread that got there; {@link FaultPoints#NONE} where it asked for nothing.
   *
   * <p>A child that was told to stand still also ends as soon as its standard input does, so that
   * it never outlives its parent, and by itself after two minutes.
   *
   * @param out the process's standard output, on which the parent waits for the announcement
   */
  public static FaultPoints ofThisProcess(PrintStream out) {
    String text = System.getProperty(PROPERTY, "");
    if (text.isEmpty()) {
      return FaultPoints.NONE;
    }
    ChildJvm.endWithParent();
    return new StandStill(parse(text), out);
  }

  /** Whether an arrival at that boundary of that step is one of those counted. */
  boolean matches(Boundary reached, StepPath path) {
    return reached == boundary && (step.isEmpty() || step.equals(path.name()));
  }

  String text() {
    return boundary + SEPARATOR + visit + SEPARATOR + step;
  }

  static KillPoint parse(String text) {
    String[] parts = text.split("\\|", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException(
          "%s needs BOUNDARY|VISIT|STEP, is '%s'.".formatted(PROPERTY, text));
    }
    return new KillPoint(Boundary.valueOf(parts[0]), parts[2], Integer.parseInt(parts[1]));
  }

  /** A child's arrival at its kill point. */
  public record Arrival(Boundary boundary, RunId run, StepPath path) {
    String announcement() {
      return ANNOUNCEMENT + boundary + SEPARATOR + path + SEPARATOR + run;
    }

    static Optional<Arrival> read(String line) {
      if (!line.startsWith(ANNOUNCEMENT)) {
        return Optional.empty();
      }
      String[] parts = line.substring(ANNOUNCEMENT.length()).split("\\|", 3);
      return Optional.of(
          new Arrival(Boundary.valueOf(parts[0]), new RunId(parts[2]), new StepPath(parts[1])));
    }
  }
}

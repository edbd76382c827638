package dev.holdfast.journal.spi;

import dev.holdfast.journal.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The right of this process to execute a run.
 *
 * @param run the run
 * @param workflow what it executes
 * @param epoch the number of this claim, from 1
 * @param nextSequence the sequence that the next entry gets
 * @param deaths how many workers in a row died holding the run before, without a new outcome
 *     ({@link dev.holdfast.journal.Entry#isOutcome}); a run that was released, or left behind by a
 *     worker that lives, has none
 * @param gaps the parts of its journal that a replay need not read, in order
 */
public record Claim(
    RunId run, WorkflowKey workflow, long epoch, long nextSequence, int deaths, List<Gap> gaps) {
  /**
   * Entries that a replay need not read.
   *
   * @param from the sequence of the first
   * @param until the sequence after the last
   */
  public record Gap(long from, long until) {
    /** Several as a text without line breaks, for a store to keep; empty where there is none. */
    public static String text(List<Gap> gaps) {
      return gaps.stream().map(gap -> gap.from + "-" + gap.until).collect(Collectors.joining(" "));
    }

    /** What {@link #text} made a text of. */
    public static List<Gap> parse(String text) {
      var gaps = new ArrayList<Gap>();
      for (String part : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
        int dash = part.indexOf('-');
        gaps.add(
            new Gap(
                Long.parseLong(part, 0, dash, 10),
                Long.parseLong(part, dash + 1, part.length(), 10)));
      }
      return List.copyOf(gaps);
    }
  }

  /** Copies the gaps. */
  public Claim {
    gaps = List.copyOf(gaps);
  }

  /** A claim of a run whose journal a replay reads whole. */
  public Claim(RunId run, WorkflowKey workflow, long epoch, long nextSequence, int deaths) {
    this(run, workflow, epoch, nextSequence, deaths, List.of());
  }

  /** A claim of a run that nobody died of and whose journal a replay reads whole. */
  public Claim(RunId run, WorkflowKey workflow, long epoch, long nextSequence) {
    this(run, workflow, epoch, nextSequence, 0);
  }
}

package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.spi.Claim;
import java.util.Optional;

/** What follows from the workers that died holding a run; pure. */
enum Poison {
  /** Not enough of them to tell. */
  NO,
  /** It may kill this worker too, and must take nobody with it. */
  SUSPECTED,
  /** It was alone in the worker that died last. */
  PROVEN;

  /**
   * Judges a claim.
   *
   * @param after how many deaths are a suspicion; 0 for none ever
   * @param last the run's newest entry: one of the claim before says that it had begun, and was not
   *     still waiting to be alone when its worker died of another run
   */
  static Poison of(Claim claim, int after, Optional<Recorded> last) {
    if (after == 0 || claim.deaths() < after) {
      return NO;
    }
    boolean hadBegun = last.filter(entry -> entry.epoch() == claim.epoch() - 1).isPresent();
    return claim.deaths() > after && hadBegun ? PROVEN : SUSPECTED;
  }

  /** What is known of a run that is poison, and what to do about it. */
  static String reason(Claim claim, Optional<Recorded> last) {
    return ("%d workers in a row died executing the run, the last one with nothing beside it, and"
            + " it had no new outcome in between. %s Look there for what ends a process (memory,"
            + " native code, an exit), fix it, deploy, and resume: the count begins anew.")
        .formatted(claim.deaths(), last.map(Poison::described).orElse(""));
  }

  private static String described(Recorded last) {
    String where = last.entry() instanceof Entry.OfStep step ? " of " + step.path() : "";
    return "Its last entry is %d, %s%s."
        .formatted(last.sequence(), last.entry().getClass().getSimpleName(), where);
  }
}

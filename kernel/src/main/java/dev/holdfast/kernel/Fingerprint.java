package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.StepPath;
import java.util.Optional;

/** Checks that a replayed step asks for what was recorded. */
record Fingerprint(Activation activation, StepPath path, Effect.OnMismatch policy) {
  private static final int SHOWN_MAX = 60;

  void check(StepHistory step, Entry.Call attempted) {
    Optional<Entry.Call> recorded = step.call();
    if (recorded.isEmpty() || isSame(recorded.get(), attempted)) {
      return;
    }
    if (recorded.get().contract() != attempted.contract()) {
      throw refuse(step, recorded.get(), attempted);
    }
    switch (policy) {
      case REFUSE -> throw refuse(step, recorded.get(), attempted);
      case RECORD -> recordDrift(step, recorded.get(), attempted);
      case IGNORE -> {}
    }
  }

  private static boolean isSame(Entry.Call recorded, Entry.Call attempted) {
    return recorded.contract() == attempted.contract()
        && recorded.inputDigest().equals(attempted.inputDigest());
  }

  private void recordDrift(StepHistory step, Entry.Call recorded, Entry.Call attempted) {
    String digest = attempted.inputDigest();
    if (!step.driftedTo().equals(Optional.of(digest))) {
      step.apply(activation.append(new Entry.InputDrifted(path, recorded.inputDigest(), digest)));
    }
  }

  private Suspension refuse(StepHistory step, Entry.Call recorded, Entry.Call attempted) {
    return activation.stop(
        new Stop.Quarantine(
            """
            Run %s asks for something else than before: the code CHANGED. Entry %d: recorded step \
            '%s' %s with %s, attempted %s with %s; the difference: %s. Guard the change by \
            run.patched(id), give the changed workflow a new version, or deploy the old code and \
            resume.\
            """
                .formatted(
                    activation.run(),
                    step.sequence(),
                    path,
                    recorded.contract(),
                    Redaction.of(recorded.input().text()),
                    attempted.contract(),
                    Redaction.of(attempted.input().text()),
                    difference(recorded, attempted)),
            Optional.empty()));
  }

  private static String difference(Entry.Call recorded, Entry.Call attempted) {
    if (recorded.inputDigest().equals(attempted.inputDigest())) {
      return "%s is now %s".formatted(recorded.contract(), attempted.contract());
    }
    return difference(
        Redaction.clean(recorded.input().text()), Redaction.clean(attempted.input().text()));
  }

  /** The first place at which two texts part, with what each has there. */
  static String difference(String recorded, String attempted) {
    int least = Math.min(recorded.length(), attempted.length());
    int same = 0;
    while (same < least && recorded.charAt(same) == attempted.charAt(same)) {
      same++;
    }
    if (same == recorded.length() && same == attempted.length()) {
      return "in a part that is not shown";
    }
    int end = 0;
    while (end < least - same
        && recorded.charAt(recorded.length() - 1 - end)
            == attempted.charAt(attempted.length() - 1 - end)) {
      end++;
    }
    return "'%s' is now '%s' at character %,d"
        .formatted(part(recorded, same, end), part(attempted, same, end), same + 1);
  }

  private static String part(String text, int from, int end) {
    String part = text.substring(from, text.length() - end);
    return part.length() <= SHOWN_MAX ? part : part.substring(0, SHOWN_MAX) + "…";
  }
}

package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.StepPath;
import java.util.Optional;

/** Checks that a replayed step asks for what was recorded. */
record Fingerprint(Activation activation, StepPath path, Effect.OnMismatch policy) {
  void check(StepHistory step, Entry.Call attempted) {
    Optional<Entry.Call> recorded = step.call();
    if (recorded.isEmpty() || isSame(recorded.get(), attempted)) {
      return;
    }
    boolean sameContract = recorded.get().contract() == attempted.contract();
    if (policy == Effect.OnMismatch.RECORD && sameContract) {
      recordDrift(step, recorded.get(), attempted);
    } else {
      throw refuse(step, recorded.get(), attempted);
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
            Run %s asks for something else than before. Entry %d: recorded step '%s' %s with %s, \
            attempted %s with %s. Give the changed workflow a new version, or deploy the old code \
            and resume.\
            """
                .formatted(
                    activation.run(),
                    step.sequence(),
                    path,
                    recorded.contract(),
                    Redaction.of(recorded.input().text()),
                    attempted.contract(),
                    Redaction.of(attempted.input().text())),
            Optional.empty()));
  }
}

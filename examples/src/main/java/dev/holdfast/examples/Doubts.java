package dev.holdfast.examples;

import dev.holdfast.journal.RunId;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Outcome;
import java.util.List;

/** The effects of a run of which nobody knows what became. */
final class Doubts {
  private Doubts() {}

  static List<Outcome.Doubt> of(Client client, RunId run) {
    return client.find(run.text(), Object.class).outcome() instanceof Outcome.InDoubt<?> doubt
        ? doubt.effects()
        : List.of();
  }
}

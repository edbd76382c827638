package dev.holdfast.store;

import java.sql.SQLException;

/** Another process took over this worker's runs: nothing of the batch at hand is kept. */
final class TakenOver extends SQLException {
  private static final long serialVersionUID = 1L;

  TakenOver(long worker) {
    super("Worker %d was taken over by another. Its runs are not ours any more.".formatted(worker));
  }
}

package dev.holdfast.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.store.StoreFacts;
import java.nio.file.Path;
import java.time.Duration;

/** Whether a message that was put into a run's mailbox has been applied. */
enum Delivery {
  /** A running application took it. */
  APPLIED("Applied by the application that has this store open."),
  /** An application has the store open and has not taken it yet. */
  UNDER_WAY("Recorded; the application that has this store open applies it."),
  /** Nobody executes this store's runs at the moment. */
  RECORDED("Recorded; applied when an application opens this store.");

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final String text;

  Delivery(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  ObjectNode json(RunId run) {
    return Json.object().put("run", run.text()).put("delivery", Phrases.word(this));
  }

  /** Looks for a while whether the run's mailbox gets empty, where anybody could empty it. */
  static Delivery of(JournalReader reader, RunId run, Path store) {
    if (StoreFacts.of(store).holder().isEmpty()) {
      return RECORDED;
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      if (reader.mail(run).isEmpty()) {
        return APPLIED;
      }
      try {
        Thread.sleep(LOOK);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return UNDER_WAY;
      }
    }
    return UNDER_WAY;
  }
}

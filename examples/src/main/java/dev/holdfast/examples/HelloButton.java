package dev.holdfast.examples;

import dev.holdfast.journal.Entry;
import dev.holdfast.kernel.Client;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;

/** Answers a question for approval from a tool of one's own. */
final class HelloButton {
  private HelloButton() {}

  // snippet: approve
  /** A button in your own tool, in any process: yes to what this person was shown. */
  static void grant(Path store, String run, Entry.ApprovalAsked shown, String who) {
    try (Client client = Holdfast.client(store)) {
      client.approve(run, shown, true, who, "seen the photo");
    }
  }
  // end: approve
}

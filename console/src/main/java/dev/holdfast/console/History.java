package dev.holdfast.console;

import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.JournalReader;
import java.util.ArrayList;
import java.util.List;

/** Reads the whole history of a run, page by page. */
final class History {
  private static final int PAGE = 1_000;

  private History() {}

  static List<Recorded> of(JournalReader reader, RunId run) {
    var entries = new ArrayList<Recorded>();
    List<Recorded> page = reader.entries(run, 0, PAGE);
    while (!page.isEmpty()) {
      entries.addAll(page);
      page = reader.entries(run, page.getLast().sequence() + 1, PAGE);
    }
    return entries;
  }
}

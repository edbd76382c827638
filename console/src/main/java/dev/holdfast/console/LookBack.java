package dev.holdfast.console;

import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;
import java.util.List;

/** The third act: what the journal tells, what the outside world counted, where to go on. */
final class LookBack {
  private final Narrator narrator;
  private final Path store;
  private final RunId run;

  LookBack(Narrator narrator, Path store, RunId run) {
    this.narrator = narrator;
    this.store = store;
    this.run = run;
  }

  void show(List<Count> counts) {
    narrator.title("3  What happened, from the journal");
    try (JournalReader reader = Holdfast.reader(store)) {
      RunState state = StoreCommand.state(reader, run);
      List<Recorded> history = History.of(reader, run);
      TimelineText.of(Timeline.of(state, history), narrator.paint()).forEach(narrator::say);
      narrator.line("");
    }
    Count.lines(counts, narrator.paint()).forEach(narrator::say);
    narrator.line("");
    String file = Remedies.quoted(store.toString());
    var table = new Table();
    table.row("look closer", "./holdfast show %s --store %s".formatted(run, file));
    table.row("", "./holdfast show %s --store %s --entries".formatted(run, file));
    table.row("a real model", "OPENAI_API_KEY=... ./holdfast demo --model gpt-4o-mini");
    table.row("a local one", "./holdfast demo --base-url http://localhost:11434/v1 --model NAME");
    table.lines().forEach(narrator::say);
  }
}

package dev.holdfast.console;

import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.json.JsonCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one run: what happened, under which worker, and what it waits for. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Show the timeline of a run across crashes.")
final class ShowCommand extends StoreCommand {
  @Parameters(paramLabel = "RUN", description = "The run's id.")
  private String run = "";

  @Option(names = "--entries", description = "Print the journal's entries as they are.")
  private boolean entries;

  ShowCommand(Shell shell) {
    super(shell);
  }

  @Override
  Integer perform() {
    var id = new RunId(run);
    try (JournalReader reader = reader()) {
      show(state(reader, id), History.of(reader, id), reader);
      return 0;
    }
  }

  private void show(RunState state, List<Recorded> history, JournalReader reader) {
    List<Message.Mail> mail = reader.mail(state.id());
    if (entries) {
      printEntries(history);
    } else if (isJson()) {
      print(ShowJson.of(state, history, mail).put("behind", reader.behind(state.id())));
    } else {
      print(lines(state, history, mail, reader));
    }
  }

  private void printEntries(List<Recorded> history) {
    var codec = JsonCodec.standard();
    for (Recorded recorded : history) {
      print(
          Json.object()
              .put("sequence", recorded.sequence())
              .put("epoch", recorded.epoch())
              .put("at", recorded.at().toString())
              .set("entry", Json.parsedOrText(codec.write(recorded.entry()))));
    }
  }

  private List<String> lines(
      RunState state, List<Recorded> history, List<Message.Mail> mail, JournalReader reader) {
    var lines = new ArrayList<String>();
    lines.add(headline(state));
    lines.addAll(Phrases.admission(state, reader.behind(state.id())));
    lines.addAll(Manifests.lines(history));
    lines.addAll(TimelineText.of(Timeline.of(state, history), paint()));
    lines.addAll(children(state, history, reader));
    mail.forEach(each -> lines.add("not applied yet: " + Letters.phrase(each.message())));
    lines.addAll(Unsettled.lines(state, Unsettled.of(reader, state.id()), remedies(), paint()));
    Inbox.of(state, history, mail).stream()
        .filter(need -> !(need instanceof Need.Letter))
        .forEach(need -> lines.addAll(below(need, reader)));
    return lines;
  }

  private List<String> below(Need need, JournalReader reader) {
    return Stream.concat(Stream.of(""), lines(need, reader).stream()).toList();
  }

  /** What its own runs are at stands in their journals, and may be what keeps this one. */
  private List<String> children(RunState state, List<Recorded> history, JournalReader reader) {
    var lines = new ArrayList<String>();
    if (!state.status().isEnded()) {
      for (RunId child : Children.open(history)) {
        String status =
            reader.find(child).map(run -> paint().status(run.status())).orElse("not started yet");
        lines.add("waits for run %s: %s".formatted(child, status));
      }
    }
    return lines;
  }

  private String headline(RunState state) {
    return "%s  %s %s  %s  %s"
        .formatted(
            paint().strong("run " + state.id()),
            state.workflow(),
            state.version(),
            paint().status(state.status()),
            Phrases.count(Math.toIntExact(state.epoch()), "claim"));
  }

  private List<String> lines(Need need, JournalReader reader) {
    var answers = new Answers(remedies(), existingStore().isExecuted(), Instant.now());
    return new InboxText(paint(), answers, reader::behind).lines(need);
  }
}

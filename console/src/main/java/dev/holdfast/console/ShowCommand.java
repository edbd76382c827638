package dev.holdfast.console;

import dev.holdfast.console.Steps.Standing;
import dev.holdfast.console.Steps.Step;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Mail;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.json.JsonCodec;
import java.util.ArrayList;
import java.util.List;
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
  public Integer call() {
    var id = new RunId(run);
    try (JournalReader reader = reader()) {
      RunState state = state(reader, id);
      List<Recorded> history = History.of(reader, id);
      List<Mail> mail = reader.mail(id);
      if (entries) {
        printEntries(history);
      } else if (isJson()) {
        print(ShowJson.of(state, history, mail));
      } else {
        print(lines(state, history, mail));
      }
      return 0;
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

  private List<String> lines(RunState state, List<Recorded> history, List<Mail> mail) {
    var lines = new ArrayList<String>();
    lines.add(
        "%s  %s %s  %s  %d claim%s"
            .formatted(
                paint().strong("run " + state.id()),
                state.workflow(),
                state.version(),
                paint().status(state.status()),
                state.epoch(),
                state.epoch() == 1 ? "" : "s"));
    lines.addAll(TimelineText.of(Timeline.of(state, history), paint()));
    mail.forEach(each -> lines.add("not applied yet: " + phrase(each.message())));
    for (Step step : Steps.of(history)) {
      if (step.standing() == Standing.IN_DOUBT) {
        lines.addAll(remedies().ofDoubt(state.id(), step.path(), paint()));
      }
    }
    if (state.status() == Status.QUARANTINED) {
      lines.addAll(remedies().ofQuarantine(state.id(), paint()));
    }
    return lines;
  }

  private static String phrase(Message message) {
    return switch (message) {
      case Message.Settle settle ->
          "%s says of %s: %s (%s)"
              .formatted(
                  settle.who(), settle.path(), Phrases.verdict(settle.verdict()), settle.why());
      case Message.Signal signal ->
          "%s sent the signal %s (%s): %s"
              .formatted(signal.who(), signal.name(), signal.id(), Phrases.payload(signal.value()));
      case Message.Approve answer ->
          "%s says %s to %s (%s)"
              .formatted(
                  answer.who(), answer.granted() ? "yes" : "no", answer.path(), answer.why());
      case Message.Cancel cancel -> "%s says end it (%s)".formatted(cancel.who(), cancel.why());
      case Message.Resume resume -> "%s says go on (%s)".formatted(resume.who(), resume.why());
    };
  }
}

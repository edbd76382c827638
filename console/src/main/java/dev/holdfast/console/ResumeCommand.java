package dev.holdfast.console;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.kernel.Client;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells a run that stands still to go on. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = "Tell a quarantined or truncated run to go on.")
final class ResumeCommand extends StoreCommand {
  @Parameters(paramLabel = "RUN", description = "The run's id.")
  private String run = "";

  @Option(names = "--why", required = true, description = "What was fixed; kept in the journal.")
  private String why = "";

  @Mixin private Author author = new Author();

  ResumeCommand(Shell shell) {
    super(shell);
  }

  @Override
  Integer perform() {
    var id = new RunId(run);
    try (JournalReader reader = reader()) {
      refuseOthers(state(reader, id));
      var sending = Sending.to(id, reader, existingStore());
      try (Client client = client()) {
        client.resume(id.text(), author.name(), why);
      }
      Delivery delivery = sending.follow(new Message.Resume(author.name(), why)).orComplain(id);
      tell(id, delivery);
      return 0;
    }
  }

  private void tell(RunId id, Delivery delivery) {
    if (isJson()) {
      print(delivery.json(id));
    } else {
      print(List.of("Told run '%s' to go on.".formatted(id), delivery.text()));
    }
  }

  private static void refuseOthers(RunState state) {
    String remedy = remedy(state.status());
    if (!remedy.isEmpty()) {
      throw new Complaint(
          "Run '%s' is %s, and only a QUARANTINED or TRUNCATED run can be resumed. %s"
              .formatted(state.id(), state.status(), remedy));
    }
  }

  private static String remedy(Status status) {
    return switch (status) {
      case QUARANTINED, TRUNCATED -> "";
      case IN_DOUBT -> "Settle its doubts with `holdfast resolve`; it then goes on by itself.";
      case READY, EXECUTING, WAITING -> "It goes on by itself.";
      case AWAITING_APPROVAL -> "Answer its question with `holdfast approve`.";
      case COMPLETED, FAILED, CANCELLED, COMPENSATED ->
          "It has ended for good; start a run with another id.";
    };
  }
}

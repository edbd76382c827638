package dev.holdfast.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/** Ends a run at its next step. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = {
      "End a run at its next step. What is done stays so, unless you say --undo.",
      "A step that may have happened and has no outcome yet is listed with the run's end."
    })
final class CancelCommand extends StoreCommand {
  @Parameters(paramLabel = "RUN", description = "The run's id.")
  private String run = "";

  @Option(names = "--why", required = true, description = "Your reason; kept in the journal.")
  private String why = "";

  @Option(names = "--undo", description = "Undo what it did, the last first.")
  private boolean isUndone;

  @Mixin private Author author = new Author();

  CancelCommand(Shell shell) {
    super(shell);
  }

  @Override
  Integer perform() {
    var id = new RunId(run);
    try (JournalReader reader = reader()) {
      refuseEnded(state(reader, id), isUndone);
      refuseSecond(reader, id);
      Delivery delivery = send(reader, id);
      List<Unsettled> unsettled = Unsettled.awaitEnd(reader, id, delivery);
      if (isJson()) {
        print(json(reader, id, delivery, unsettled));
      } else {
        String what = isUndone ? "end and to undo what it did" : "end";
        print(
            List.of("%s told run '%s' to %s.".formatted(author.name(), id, what), delivery.text()));
        print(Unsettled.lines(state(reader, id), unsettled, remedies(), paint()));
      }
      return 0;
    }
  }

  private Delivery send(JournalReader reader, RunId id) {
    var sending = Sending.to(id, reader, existingStore());
    try (Client client = client()) {
      if (isUndone) {
        client.rollBack(id.text(), author.name(), why);
      } else {
        client.cancel(id.text(), author.name(), why);
      }
    }
    Message sent =
        isUndone
            ? new Message.RollBack(author.name(), why)
            : new Message.Cancel(author.name(), why);
    return sending.follow(sent).orComplain(id);
  }

  private static ObjectNode json(
      JournalReader reader, RunId id, Delivery delivery, List<Unsettled> unsettled) {
    ObjectNode node = delivery.json(id).put("status", state(reader, id).status().name());
    ArrayNode array = node.putArray("unsettled");
    unsettled.forEach(each -> array.add(each.json()));
    return node;
  }

  private static void refuseEnded(RunState state, boolean isUndone) {
    String remedy = remedy(state.status(), isUndone);
    if (!remedy.isEmpty()) {
      throw new Complaint(
          "Run '%s' has ended (%s), so there is nothing to cancel. %s"
              .formatted(state.id(), state.status(), remedy));
    }
  }

  private static String remedy(Status status, boolean isUndone) {
    return switch (status) {
      case READY, EXECUTING, WAITING, AWAITING_APPROVAL, IN_DOUBT, QUARANTINED -> "";
      case COMPLETED -> isUndone ? "" : "It did what it was to do; --undo undoes what it did.";
      case TRUNCATED -> "It does nothing more unless somebody resumes it.";
      case FAILED -> "It does nothing more.";
      case COMPENSATED -> "What it did is undone already.";
      case CANCELLED -> "`holdfast show` tells who ended it and what may have happened.";
    };
  }

  private static void refuseSecond(JournalReader reader, RunId id) {
    reader.mail(id).stream()
        .filter(mail -> mail.message().endsTheRun())
        .findFirst()
        .ifPresent(first -> {
          throw new Complaint(
              "Run '%s' was told to end already, by %s (%s); that is not applied yet. Nothing"
                      .formatted(id, first.message().who(), first.message().why())
                  + " more was recorded.");
        });
  }
}

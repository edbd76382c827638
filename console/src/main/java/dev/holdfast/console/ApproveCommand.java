package dev.holdfast.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.kernel.Client;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers a run's question for approval. */
@Command(
    name = "approve",
    mixinStandardHelpOptions = true,
    description = "Say yes or no to what a run asks for; `holdfast inbox` lists the questions.")
final class ApproveCommand extends StoreCommand {
  @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
  private String run = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "STEP",
      defaultValue = "",
      description = "The step that asks; may be left out where only one does.")
  private String step = "";

  @ArgGroup(multiplicity = "1")
  private Choice choice = new Choice();

  @Option(names = "--why", required = true, description = "Your reason; kept in the journal.")
  private String why = "";

  @Mixin private Author author = new Author();

  @Option(
      names = "--digest",
      defaultValue = "",
      description =
          "What you were shown, as the inbox names it: the answer is refused if the run asks for"
              + " something else by now.")
  private String digest = "";

  /** Yes or no. */
  static final class Choice {
    @Option(names = "--yes", description = "Grant it.")
    private boolean yes;

    @Option(names = "--no", description = "Deny it.")
    private boolean no;

    boolean isGranted() {
      return yes && !no;
    }
  }

  ApproveCommand(Shell shell) {
    super(shell);
  }

  @Override
  Integer perform() {
    var id = new RunId(run);
    try (JournalReader reader = reader();
        Client client = client()) {
      RunState state = state(reader, id);
      Entry.ApprovalAsked asked = question(state, client.questions(id.text()));
      refuseUnseen(id, asked);
      refuseOthers(id, asked);
      boolean isGranted = choice.isGranted();
      var sending = Sending.to(id, reader, existingStore());
      client.approve(id.text(), asked, isGranted, author.name(), why);
      var message =
          new Message.Approve(asked.path(), asked.digest(), isGranted, author.name(), why);
      print(id, asked, sending.follow(message).orComplain(id));
      return 0;
    }
  }

  private void print(RunId id, Entry.ApprovalAsked asked, Delivery delivery) {
    if (isJson()) {
      ObjectNode node = delivery.json(id);
      InboxJson.addQuestion(node, asked);
      print(node.put("granted", choice.isGranted()).put("who", author.name()));
    } else {
      var sheet = new Sheet(paint());
      sheet.line(
          "%s says %s to %s of run '%s'."
              .formatted(
                  author.name(),
                  choice.isGranted() ? paint().good("yes") : paint().bad("no"),
                  asked.path(),
                  id));
      print(sheet.entry("shown", Shown.lines(asked.shown())).line(delivery.text()).lines());
    }
  }

  private Entry.ApprovalAsked question(RunState state, List<Entry.ApprovalAsked> open) {
    List<StepPath> paths = open.stream().map(Entry.ApprovalAsked::path).toList();
    List<StepPath> meant = step.isEmpty() ? paths : StepChoice.meant(paths, step);
    if (meant.size() == 1 && !state.status().isEnded()) {
      return open.get(paths.indexOf(meant.getFirst()));
    }
    throw open.isEmpty() || state.status().isEnded()
        ? notAsking(state)
        : new Complaint(notOne(state.id(), paths, meant.isEmpty()));
  }

  private static Complaint notAsking(RunState state) {
    return new Complaint(
        "Run '%s' is %s and asks for no approval, so nothing was recorded. `holdfast show %s`"
                .formatted(state.id(), state.status(), Remedies.quoted(state.id().text()))
            + " tells who answered, or whether the time was up.");
  }

  private String notOne(RunId id, List<StepPath> asking, boolean isNone) {
    String listed = asking.stream().map(StepPath::text).collect(Collectors.joining(", "));
    if (step.isEmpty()) {
      return "Run '%s' asks for several approvals: %s. Name one of these; nothing was recorded."
          .formatted(id, listed);
    }
    String problem = isNone ? "asks for no approval" : "is not one step only";
    return "Step '%s' of run '%s' %s, so nothing was recorded. These ask: %s."
        .formatted(step, id, problem, listed);
  }

  private void refuseUnseen(RunId id, Entry.ApprovalAsked asked) {
    if (digest.isEmpty()) {
      return;
    }
    if (digest.length() < Remedies.DIGEST_LENGTH_MIN) {
      throw new Complaint(
          "--digest needs at least %d characters of what the inbox shows, has %d: '%s'."
              .formatted(Remedies.DIGEST_LENGTH_MIN, digest.length(), digest));
    }
    if (!asked.digest().startsWith(digest)) {
      throw new Complaint(
          ("%s of run '%s' asks for something else than you were shown (digest %s then, %s now),"
                  + " so nothing was recorded. Look again with `holdfast inbox`.")
              .formatted(asked.path(), id, digest, Remedies.digest(asked)));
    }
  }

  private void refuseOthers(RunId id, Entry.ApprovalAsked asked) {
    if (!asked.approvers().isEmpty() && !asked.approvers().contains(author.name())) {
      throw new Complaint(
          "%s may not answer %s of run '%s', %s may; nothing was recorded. If you are one of"
                  .formatted(
                      author.name(),
                      asked.path(),
                      id,
                      Stream.of(asked.approvers())
                          .map(names -> String.join(" or ", names))
                          .findFirst()
                          .orElse("nobody"))
              + " them, say so with --who.");
    }
  }
}

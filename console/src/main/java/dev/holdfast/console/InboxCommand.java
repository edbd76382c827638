package dev.holdfast.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.journal.spi.JournalReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists what waits for a person, and what each answer will do. */
@Command(
    name = "inbox",
    mixinStandardHelpOptions = true,
    description = {
      "List what waits for a person, and what each answer will do.",
      "Approvals, effects in doubt, quarantined runs, facts in doubt whose run has ended, and"
          + " mail that no application has applied yet; the oldest first."
    })
final class InboxCommand extends StoreCommand {
  @Option(
      names = "--limit",
      defaultValue = "20",
      paramLabel = "N",
      description = "At most that many (default ${DEFAULT-VALUE}, 1 to 1000).")
  private int limit;

  InboxCommand(Shell shell) {
    super(shell);
  }

  @Override
  Integer perform() {
    if (limit < 1 || limit > 1_000) {
      throw new Complaint("--limit must be 1 to 1000, is %d.".formatted(limit));
    }
    try (JournalReader reader = reader()) {
      boolean isExecuted = existingStore().isExecuted();
      var answers = new Answers(remedies(), isExecuted, Instant.now());
      Inbox inbox = Inbox.of(reader);
      if (isJson()) {
        print(json(inbox, new InboxJson(answers, reader::behind)));
      } else {
        print(lines(inbox, new InboxText(paint(), answers, reader::behind), reader.location()));
      }
      return 0;
    }
  }

  private List<String> lines(Inbox inbox, InboxText text, String location) {
    var lines = new ArrayList<String>();
    if (inbox.needs().isEmpty()) {
      lines.add(paint().good("Nobody is waited for") + " in " + location + ".");
      lines.add("`holdfast runs` lists the runs; `holdfast doctor` tells whether all is well.");
    }
    for (Need need : inbox.needs().subList(0, shown(inbox))) {
      lines.addAll(text.lines(need));
      lines.add("");
    }
    if (!inbox.needs().isEmpty()) {
      lines.add(count(inbox.needs().size(), shown(inbox)));
    }
    if (inbox.unseen() > 0) {
      lines.add(
          "%s more may wait for somebody and were not looked at; `holdfast runs` lists them."
              .formatted(Phrases.count(inbox.unseen(), "run")));
    }
    return lines;
  }

  private static String count(int all, int shown) {
    return all == shown
        ? Phrases.count(all, "entry", "entries") + ", the oldest first."
        : "%d of %d, the oldest first. More: --limit %d"
            .formatted(shown, all, Math.min(1_000, all));
  }

  private int shown(Inbox inbox) {
    return Math.min(limit, inbox.needs().size());
  }

  private ObjectNode json(Inbox inbox, InboxJson json) {
    ObjectNode node =
        Json.object().put("total", inbox.needs().size()).put("runs_not_seen", inbox.unseen());
    ArrayNode needs = node.putArray("needs");
    inbox.needs().stream().limit(limit).map(json::of).forEach(needs::add);
    return node;
  }
}

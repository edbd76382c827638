package dev.holdfast.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.store.StoreFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tells whether this machine and a store are well, and which runs wait for somebody. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Check this machine, a store, and who is waited for.")
final class DoctorCommand extends StoreCommand {
  private static final int EXIT_DAMAGED = 1;

  @Option(
      names = "--check",
      description =
          "Check every page of the file and read every run instead; 1 where something is damaged.")
  private boolean isCheck;

  DoctorCommand(Shell shell) {
    super(shell);
  }

  @Override
  Integer perform() {
    return isCheck ? check() : look();
  }

  private Integer check() {
    StoreFacts.Check check = existingStore().check();
    if (isJson()) {
      print(json(check));
    } else {
      print(lines(check));
    }
    return check.isWhole() ? 0 : EXIT_DAMAGED;
  }

  private List<String> lines(StoreFacts.Check check) {
    if (check.isWhole()) {
      return List.of(
          paint().good("Nothing is damaged: %,d runs can be read.".formatted(check.runs())));
    }
    var lines = new ArrayList<String>();
    if (!check.tables().isEmpty()) {
      lines.add(paint().alert("Damaged: " + String.join(", ", check.tables()) + "."));
    }
    check.damage().forEach(line -> lines.add("  " + line));
    lines.add(
        "Of %,d runs, %,d cannot be read: they are not executed. The others go on."
            .formatted(check.runs(), check.unreadable().size()));
    check.unreadable().forEach(run -> lines.add("  " + run));
    lines.add("Copy the file, then restore a backup or REINDEX it with any SQLite tool.");
    return lines;
  }

  private static ObjectNode json(StoreFacts.Check check) {
    ObjectNode json = Json.object().put("is_whole", check.isWhole()).put("runs", check.runs());
    check.damage().forEach(json.putArray("damage")::add);
    check.tables().forEach(json.putArray("tables")::add);
    ArrayNode unreadable = json.putArray("unreadable");
    check.unreadable().forEach(run -> unreadable.add(run.text()));
    return json;
  }

  private Integer look() {
    StoreFacts facts = existingStore().facts();
    try (JournalReader reader = reader()) {
      Map<Status, Integer> counts = Census.count(reader);
      List<Census.Needy> needy = Census.needy(reader, facts.isExecuted(), remedies());
      if (isJson()) {
        print(json(facts, counts, needy));
      } else {
        print(lines(facts, counts, needy));
      }
      return 0;
    }
  }

  private List<String> lines(
      StoreFacts facts, Map<Status, Integer> counts, List<Census.Needy> needy) {
    var table = new Table();
    table.row("JDK", Runtime.version() + " at " + System.getProperty("java.home"));
    FactsText.rows(facts).forEach(row -> table.row(row.name(), row.text()));
    counts.forEach((status, count) -> table.row(paint().status(status), Census.text(count)));
    var lines = new ArrayList<>(table.lines());
    lines.add("");
    lines.addAll(lines(needy));
    return lines;
  }

  private List<String> lines(List<Census.Needy> needy) {
    if (needy.isEmpty()) {
      return List.of(paint().good("Nobody is waited for."));
    }
    var lines = new ArrayList<String>();
    for (Census.Needy each : needy) {
      lines.add(paint().alert(each.run().id() + " is " + each.run().status() + ": " + each.why()));
      each.remedy().forEach(line -> lines.add("  " + line));
    }
    lines.add("");
    lines.add("`holdfast inbox` says what each answer does.");
    return lines;
  }

  private static ObjectNode json(
      StoreFacts facts, Map<Status, Integer> counts, List<Census.Needy> needy) {
    ObjectNode json = Json.object().put("jdk", Runtime.version().toString());
    FactsText.put(facts, json);
    ObjectNode runs = json.putObject("runs");
    counts.forEach((status, count) -> runs.put(status.name(), count));
    ArrayNode waiting = json.putArray("needs_somebody");
    for (Census.Needy each : needy) {
      RunState run = each.run();
      ObjectNode node = waiting.addObject();
      node.put("run", run.id().text()).put("status", run.status().name()).put("why", each.why());
      each.remedy().forEach(node.withArray("remedy")::add);
    }
    return json;
  }
}

package dev.holdfast.console;

import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.JournalReader;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists runs, the one that changed last first. */
@Command(name = "runs", mixinStandardHelpOptions = true, description = "List the runs of a store.")
final class RunsCommand extends StoreCommand {
  @Option(
      names = "--status",
      split = ",",
      paramLabel = "STATUS",
      description = "Only these: ${COMPLETION-CANDIDATES}.")
  private Set<Status> statuses = EnumSet.noneOf(Status.class);

  @Option(
      names = "--limit",
      defaultValue = "50",
      paramLabel = "N",
      description = "At most that many (default ${DEFAULT-VALUE}, 1 to 10000).")
  private int limit;

  RunsCommand(Shell shell) {
    super(shell);
  }

  @Override
  Integer perform() {
    if (limit < 1 || limit > 10_000) {
      throw new Complaint("--limit must be 1 to 10000, is %d.".formatted(limit));
    }
    try (JournalReader reader = reader()) {
      List<RunState> runs = reader.runs(statuses, 0, limit);
      if (isJson()) {
        var array = Json.array();
        runs.forEach(run -> array.add(Json.of(run)));
        print(array);
      } else {
        print(lines(runs, reader.location()));
      }
      return 0;
    }
  }

  private List<String> lines(List<RunState> runs, String location) {
    if (runs.isEmpty()) {
      return List.of("No such runs in " + location + ".");
    }
    Instant now = Instant.now();
    var table = new Table().row("RUN", "WORKFLOW", "STATUS", "AGE", "CLAIMS");
    for (RunState run : runs) {
      table.row(
          run.id().text(),
          run.workflow() + " " + run.version(),
          paint().status(run.status()),
          Phrases.age(Duration.between(run.startedAt(), now)),
          Long.toString(run.epoch()));
    }
    return table.lines();
  }
}

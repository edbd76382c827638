package dev.holdfast.console;

import dev.holdfast.store.Retention;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Removes runs that ended long ago. */
@Command(
    name = "purge",
    mixinStandardHelpOptions = true,
    description = "Remove runs that ended long ago; their ids stay taken, the ledger stays.")
final class PurgeCommand extends RetentionCommand {
  @Option(
      names = "--older-than",
      required = true,
      paramLabel = "TIME",
      converter = Age.class,
      description = "How long ago they must have ended, such as 30d or 12h.")
  private Duration age = Duration.ZERO;

  PurgeCommand(Shell shell) {
    super(shell);
  }

  @Override
  Done act(Retention retention) {
    int runs = retention.purge(Instant.now().minus(age));
    return new Done(
        "Purged %s.".formatted(Phrases.count(runs, "run")), Json.object().put("purged", runs));
  }
}

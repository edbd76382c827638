package dev.holdfast.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.store.Retention;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves runs that ended long ago into files. */
@Command(
    name = "archive",
    mixinStandardHelpOptions = true,
    description = "Write runs that ended long ago into compressed files, then purge them.")
final class ArchiveCommand extends RetentionCommand {
  @Parameters(paramLabel = "DIR", description = "A folder that exists.")
  private Path folder = Path.of("");

  @Option(
      names = "--older-than",
      required = true,
      paramLabel = "TIME",
      converter = Age.class,
      description = "How long ago they must have ended, such as 30d or 12h.")
  private Duration age = Duration.ZERO;

  ArchiveCommand(Shell shell) {
    super(shell);
  }

  @Override
  Done act(Retention retention) {
    Path target = shell().directory().resolve(folder);
    if (!Files.isDirectory(target)) {
      throw new Complaint("There is no folder %s. Make it first.".formatted(target));
    }
    Retention.Archived archived = retention.archive(target, Instant.now().minus(age));
    ObjectNode json = Json.object().put("archived", archived.runs());
    archived.files().forEach(file -> json.withArray("files").add(file.toString()));
    return new Done(
        "Archived %s in %s. The files are not encrypted."
            .formatted(
                Phrases.count(archived.runs(), "run"),
                Phrases.count(archived.files().size(), "file")),
        json);
  }
}

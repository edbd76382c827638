package dev.holdfast.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.store.Retention;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes exported or archived runs into a store. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = "Take the runs of an exported or archived file into a store.")
final class ImportCommand extends RetentionCommand {
  @Parameters(paramLabel = "FILE", description = "Lines of JSON, compressed if it ends in .gz.")
  private Path file = Path.of("");

  ImportCommand(Shell shell) {
    super(shell);
  }

  @Override
  Done act(Retention retention) {
    Retention.Imported done = retention.importRuns(shell().directory().resolve(file));
    ObjectNode json = Json.object();
    done.runs().forEach(json.putArray("imported")::add);
    done.known().forEach(json.putArray("known")::add);
    String known =
        done.known().isEmpty()
            ? ""
            : " Here already: %s.".formatted(Phrases.count(done.known().size(), "run"));
    return new Done(
        "Imported %s; what had not ended is quarantined until somebody resumes it.%s"
            .formatted(Phrases.count(done.runs().size(), "run"), known),
        json);
  }
}

package dev.holdfast.console;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.json.RunFile;
import dev.holdfast.store.Retention;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes one run with its whole history as lines of JSON. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Write a run with its whole history as lines of JSON.")
final class ExportCommand extends StoreCommand {
  @Parameters(paramLabel = "RUN", description = "The run's id.")
  private String run = "";

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "Where to; an existing file is kept (default: standard output).")
  private @Nullable Path file;

  ExportCommand(Shell shell) {
    super(shell);
  }

  @Override
  Integer perform() {
    try (Retention retention = existingStore().retention()) {
      write(retention.export(run).orElseThrow(this::missing));
      return 0;
    }
  }

  private Complaint missing() {
    try (JournalReader reader = reader()) {
      return missing(reader, new RunId(run));
    }
  }

  private void write(RunFile exported) {
    try {
      if (file == null) {
        exported.write(shell().terminal().out());
        shell().terminal().out().flush();
        return;
      }
      Path target = shell().directory().resolve(file);
      try (Writer out = Files.newBufferedWriter(target, StandardOpenOption.CREATE_NEW)) {
        exported.write(out);
      }
    } catch (FileAlreadyExistsException e) {
      throw new Complaint("There is a file %s already. Name another with --to.".formatted(file));
    } catch (IOException e) {
      throw new Complaint(
          "The run could not be written (%s). Check --to and the space that is left."
              .formatted(e.getClass().getSimpleName()));
    }
  }
}

package dev.holdfast.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.store.Holdfast;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that looks into a store; it works beside an application that has the store open. */
abstract class StoreCommand implements Callable<Integer> {
  private static final String DEFAULT_STORE = "holdfast.db";

  @Option(
      names = "--store",
      paramLabel = "FILE",
      description = "The store; else HOLDFAST_STORE, else ./holdfast.db.")
  private @Nullable Path given;

  @Option(names = "--json", description = "Print JSON for machines.")
  private boolean json;

  private final Shell shell;

  StoreCommand(Shell shell) {
    this.shell = shell;
  }

  final Shell shell() {
    return shell;
  }

  final Paint paint() {
    return shell.terminal().paint();
  }

  /** What helps a run of this store. */
  final Remedies remedies() {
    return new Remedies(Optional.ofNullable(given));
  }

  /** The store that the user means, whether or not it exists. */
  final Path store() {
    Path named = given;
    if (named == null) {
      named = Path.of(shell.environment().getOrDefault("HOLDFAST_STORE", DEFAULT_STORE));
    }
    return shell.directory().resolve(named);
  }

  /** The store that the user means. */
  final Path existingStore() {
    Path path = store();
    if (!Files.isRegularFile(path)) {
      throw new Complaint(
          "There is no store at %s. Name one with --store FILE or HOLDFAST_STORE; `holdfast demo`"
                  .formatted(path.toAbsolutePath().normalize())
              + " makes one to look at.");
    }
    return path;
  }

  final JournalReader reader() {
    return Holdfast.reader(existingStore());
  }

  final boolean isJson() {
    return json;
  }

  final void print(List<String> lines) {
    lines.forEach(shell.terminal()::line);
  }

  final void print(JsonNode node) {
    shell.terminal().line(node.toString());
  }

  /** The run with that id, or a complaint that names others. */
  static RunState state(JournalReader reader, RunId id) {
    return reader
        .find(id)
        .orElseThrow(() ->
            new Complaint(
                "There is no run '%s' in %s. %s `holdfast runs` lists them."
                    .formatted(id, reader.location(), others(reader))));
  }

  private static String others(JournalReader reader) {
    List<RunState> latest = reader.runs(Set.of(), 0, 3);
    return latest.isEmpty()
        ? "The store holds no run yet."
        : "Its latest are: "
            + latest.stream().map(state -> state.id().text()).collect(Collectors.joining(", "))
            + ".";
  }
}

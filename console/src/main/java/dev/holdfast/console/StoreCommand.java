package dev.holdfast.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Client;
import dev.holdfast.store.StoreAddress;
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
      paramLabel = "FILE|URL",
      description =
          "The store, a file or jdbc:postgresql://HOST:PORT/DATABASE; else HOLDFAST_STORE, else"
              + " ./holdfast.db. User and password: PGUSER and PGPASSWORD, or ~/.pgpass.")
  private @Nullable String given;

  @Option(names = "--json", description = "Print JSON for machines.")
  private boolean json;

  private final Shell shell;
  private @Nullable StoreAddress address;

  StoreCommand(Shell shell) {
    this.shell = shell;
  }

  final Shell shell() {
    return shell;
  }

  final Paint paint() {
    return shell.terminal().paint();
  }

  @Override
  public final Integer call() {
    try {
      return perform();
    } finally {
      if (address != null) {
        address.close();
      }
    }
  }

  /** Does what the command is for, and returns its exit code. */
  abstract Integer perform();

  /** What helps a run of this store. */
  final Remedies remedies() {
    return new Remedies(Optional.ofNullable(given).map(named -> shown(store(), named)));
  }

  /** A file as it was named, and a URL without its password. */
  private static String shown(StoreAddress store, String named) {
    return store.file().isPresent() ? named : store.toString();
  }

  /** The store that the user means, whether or not it exists. */
  final StoreAddress store() {
    StoreAddress known = address;
    if (known == null) {
      String named = given;
      if (named == null) {
        named = shell.environment().getOrDefault("HOLDFAST_STORE", DEFAULT_STORE);
      }
      known = StoreAddress.parse(named, shell.directory(), shell.environment());
      address = known;
    }
    return known;
  }

  /** The store that the user means. */
  final StoreAddress existingStore() {
    StoreAddress store = store();
    store.file().filter(path -> !Files.isRegularFile(path)).ifPresent(StoreCommand::complain);
    return store;
  }

  private static void complain(Path path) {
    throw new Complaint(
        "There is no store at %s. Name one with --store FILE or HOLDFAST_STORE; `holdfast demo`"
                .formatted(path.toAbsolutePath().normalize())
            + " makes one to look at.");
  }

  final JournalReader reader() {
    return existingStore().reader();
  }

  final Client client() {
    return existingStore().client();
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
    return reader.find(id).orElseThrow(() -> missing(reader, id));
  }

  /** What is said of a run that is not there. */
  static Complaint missing(JournalReader reader, RunId id) {
    return new Complaint(
        "There is no run '%s' in %s. %s `holdfast runs` lists them."
            .formatted(id, reader.location(), others(reader)));
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

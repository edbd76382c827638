package dev.holdfast.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.json.RunFile;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Settings;
import dev.holdfast.store.Durability;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Options;
import dev.holdfast.store.Workflows;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Replays recorded runs with the workflows on the class path and says which do not go through. */
@Command(
    name = "replay-check",
    mixinStandardHelpOptions = true,
    description = {
      "Replay recorded runs with the workflows on the class path, calling nothing outside.",
      "Exit code 0: every run goes through to the end of its record. 1: at least one does not."
    })
final class ReplayCheckCommand extends StoreCommand {
  private static final int PAGE = 500;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "What `holdfast export` wrote; else the runs of the store that have not ended.")
  private List<Path> files = List.of();

  @Option(names = "--ended", description = "Of a store, take the runs that have ended, too.")
  private boolean isWithEnded;

  @Option(
      names = "--class-path",
      defaultValue = "",
      paramLabel = "PATH",
      description =
          "Your jars and folders of classes, as java -cp takes them; else HOLDFAST_CLASS_PATH.")
  private String classPath = "";

  @Option(
      names = "--workflows",
      split = ",",
      paramLabel = "CLASS",
      description =
          "Classes that implement dev.holdfast.store.Workflows; else those that the jars name in"
              + " META-INF/services.")
  private List<String> classes = List.of();

  private final List<Verdict> verdicts = new ArrayList<>();

  /** What became of one run; its mismatch where it does not go through. */
  private record Verdict(RunState run, int entries, Optional<String> mismatch) {}

  ReplayCheckCommand(Shell shell) {
    super(shell);
  }

  @Override
  Integer perform() {
    List<Workflows> found = Registrations.onClassPath(shell(), classPath).load(classes);
    try (var folder = new ScratchFolder();
        Holdfast holdfast = unused(folder.path().resolve("replay.db"))) {
      Registrations.register(found, holdfast);
      if (files.isEmpty()) {
        checkStore(holdfast);
      }
      files.forEach(file -> checkFile(holdfast, shell().directory().resolve(file)));
    }
    tell();
    return verdicts.stream().allMatch(each -> each.mismatch().isEmpty()) ? 0 : 1;
  }

  /** A store without runs: the workflows need one to register with. */
  private static Holdfast unused(Path file) {
    return Holdfast.open(file, new Options(Durability.EPHEMERAL, Settings.standard()));
  }

  private void checkStore(Holdfast holdfast) {
    try (JournalReader reader = reader()) {
      int offset = 0;
      List<RunState> page = reader.runs(Set.of(), offset, PAGE);
      while (!page.isEmpty()) {
        for (RunState run : page) {
          if (isWithEnded || !run.status().isEnded()) {
            check(holdfast, run, History.of(reader, run.id()));
          }
        }
        offset += page.size();
        page = reader.runs(Set.of(), offset, PAGE);
      }
    }
  }

  private void checkFile(Holdfast holdfast, Path file) {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      while (hasMore(in)) {
        RunFile exported = RunFile.read(in);
        check(holdfast, exported.run(), exported.entries());
      }
    } catch (NoSuchFileException e) {
      throw new Complaint("There is no file %s. Check its name.".formatted(file));
    } catch (IOException e) {
      throw new Complaint(
          "The file %s cannot be read (%s).".formatted(file, e.getClass().getSimpleName()));
    }
  }

  private static boolean hasMore(BufferedReader in) throws IOException {
    in.mark(1);
    boolean isMore = in.read() >= 0;
    in.reset();
    return isMore;
  }

  private void check(Holdfast holdfast, RunState run, List<Recorded> entries) {
    Optional<String> mismatch;
    try {
      mismatch = holdfast.engine().replay(run.id().text(), entries);
    } catch (RunException.NotRegistered | IllegalArgumentException unable) {
      mismatch = Optional.of(String.valueOf(unable.getMessage()));
    }
    verdicts.add(new Verdict(run, entries.size(), mismatch));
  }

  private void tell() {
    if (isJson()) {
      ArrayNode runs = Json.object().putArray("runs");
      verdicts.forEach(each ->
          runs.addObject()
              .put("id", each.run().id().text())
              .put("workflow", each.run().workflow())
              .put("version", each.run().version())
              .put("entries", each.entries())
              .put("mismatch", each.mismatch().orElse(null)));
      print(runs);
      return;
    }
    for (Verdict each : verdicts) {
      shell().terminal().line(line(each));
    }
    long broken = verdicts.stream().filter(each -> each.mismatch().isPresent()).count();
    shell()
        .terminal()
        .line("%s replayed, %d not".formatted(Phrases.count(verdicts.size(), "run"), broken));
  }

  private String line(Verdict verdict) {
    String of = Phrases.visible(verdict.run().id().text());
    return verdict.mismatch().isEmpty()
        ? "%s  %s, %s"
            .formatted(paint().good("ok"), of, Phrases.count(verdict.entries(), "entry", "entries"))
        : "%s  %s: %s".formatted(paint().bad("NO"), of, Phrases.visible(verdict.mismatch().get()));
  }
}

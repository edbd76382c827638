package dev.holdfast.console;

import dev.holdfast.store.Retention;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Erases the data of a subject's runs, or of one run. */
@Command(
    name = "erase",
    mixinStandardHelpOptions = true,
    description = "Erase the data of all runs of a subject, or of one run; for good.")
final class EraseCommand extends RetentionCommand {
  @Parameters(arity = "0..1", paramLabel = "SUBJECT", description = "Whose data.")
  private @Nullable String subject;

  @Option(names = "--run", paramLabel = "RUN", description = "One run instead of a subject.")
  private @Nullable String run;

  @Option(names = "--why", required = true, description = "For what reason; kept in the journal.")
  private String why = "";

  @Mixin private Author author = new Author();

  EraseCommand(Shell shell) {
    super(shell);
  }

  @Override
  Done act(Retention retention) {
    if (run != null && subject == null) {
      retention.eraseRun(run, author.name(), why);
      return done(1);
    }
    if (subject == null || run != null) {
      throw new Complaint("Name either a SUBJECT or --run RUN.");
    }
    return done(retention.eraseSubject(subject, author.name(), why));
  }

  private static Done done(int runs) {
    return new Done(
        runs == 0
            ? "Nothing was erased: no run of that subject holds data in this store."
            : "Erased the data of %s. Backups and archives still hold it."
                .formatted(Phrases.count(runs, "run")),
        Json.object().put("erased", runs));
  }
}

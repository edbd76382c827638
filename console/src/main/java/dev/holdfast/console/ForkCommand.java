package dev.holdfast.console;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Client.Fork;
import dev.holdfast.kernel.Client.Fork.Choice;
import dev.holdfast.kernel.RunException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Begins a run as another one, from one of its steps on. */
@Command(
    name = "fork",
    mixinStandardHelpOptions = true,
    description = {
      "Begin a new run with the record of another up to one of its steps.",
      "Say of each effect that the other sent from there on what is to become of it; without that"
          + " nothing is started, and they are listed."
    })
final class ForkCommand extends StoreCommand {
  @Parameters(index = "0", paramLabel = "RUN", description = "The run to begin as.")
  private String run = "";

  @Parameters(
      index = "1",
      paramLabel = "STEP",
      description = "The first step that the new run performs itself.")
  private String step = "";

  @Parameters(index = "2", paramLabel = "NEW", description = "The new run's id.")
  private String fork = "";

  @Option(
      names = "--adopt",
      paramLabel = "STEP",
      description = "The new run takes the recorded outcome; nothing is sent.")
  private List<String> adopted = List.of();

  @Option(
      names = "--compensated",
      paramLabel = "STEP",
      description = "It was undone in RUN; the new run may perform it anew.")
  private List<String> compensated = List.of();

  @Option(
      names = "--accept",
      paramLabel = "STEP",
      description = "It may be sent again under a new key: a second charge.")
  private List<String> accepted = List.of();

  @Option(
      names = "--live",
      paramLabel = "CONTRACT",
      split = ",",
      description = "Perform effects of that contract which RUN has no answer for.")
  private List<Contract> live = List.of();

  @Option(
      names = "--workflow-version",
      paramLabel = "VERSION",
      defaultValue = "",
      description = "The version of the workflow that executes NEW; default RUN's.")
  private String version = "";

  ForkCommand(Shell shell) {
    super(shell);
  }

  @Override
  Integer perform() {
    var source = new RunId(run);
    try (JournalReader reader = reader();
        Client client = client()) {
      state(reader, source);
      List<StepPath> steps = steps(reader, source);
      Fork asked = asked(steps, one(steps, step));
      try {
        client.fork(run, fork, asked);
      } catch (RunException.ForkRefused | RunException.RunConflict refused) {
        throw new Complaint(refused.getMessage() + hints(client, asked));
      }
      print(
          List.of(
              "Run '%s' begins as run '%s', from %s on.".formatted(fork, run, asked.at()),
              "It is executed by a process that has its workflow registered."));
      return 0;
    }
  }

  private static List<StepPath> steps(JournalReader reader, RunId run) {
    return History.of(reader, run).stream()
        .map(Recorded::entry)
        .filter(Entry.OfStep.class::isInstance)
        .map(entry -> ((Entry.OfStep) entry).path())
        .distinct()
        .toList();
  }

  private Fork asked(List<StepPath> steps, StepPath at) {
    Fork asked = Fork.at(at).live(Set.copyOf(live).toArray(Contract[]::new));
    asked = version.isEmpty() ? asked : asked.version(version);
    asked = chosen(asked, steps, adopted, Choice.ADOPT);
    asked = chosen(asked, steps, compensated, Choice.COMPENSATE);
    return chosen(asked, steps, accepted, Choice.ACCEPT);
  }

  private Fork chosen(Fork asked, List<StepPath> steps, List<String> names, Choice choice) {
    Fork changed = asked;
    for (String name : names) {
      changed = changed.choose(one(steps, name), choice);
    }
    return changed;
  }

  private StepPath one(List<StepPath> steps, String text) {
    List<StepPath> meant = StepChoice.meant(steps, text);
    if (meant.size() == 1) {
      return meant.getFirst();
    }
    throw new Complaint(
        meant.isEmpty()
            ? "Run '%s' has no step '%s'. `holdfast show` lists its steps.".formatted(run, text)
            : "Run '%s' has %d steps '%s': %s. Give the whole path."
                .formatted(run, meant.size(), text, meant));
  }

  /** A line to paste for each effect that nothing was said of. */
  private String hints(Client client, Fork asked) {
    List<Fork.Sent> sent = new ArrayList<>(client.sentAfter(run, asked.at()));
    sent.removeIf(each -> asked.choices().containsKey(each.path()));
    var hints = new StringBuilder();
    for (Fork.Sent each : sent) {
      hints.append("%n  --adopt '%s'   or   --accept '%s'".formatted(each.path(), each.path()));
    }
    return hints.toString();
  }
}

package dev.holdfast.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.holdfast.console.Steps.Standing;
import dev.holdfast.console.Steps.Step;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.kernel.Client;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says whether an effect happened whose outcome nobody knows. */
@Command(
    name = "resolve",
    mixinStandardHelpOptions = true,
    description = "Say whether an effect in doubt happened.")
final class ResolveCommand extends StoreCommand {
  private static final int FACTS_MAX = 10;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "RUN",
      defaultValue = "",
      description = "The run's id.")
  private String run = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "STEP",
      defaultValue = "",
      description = "The step's path, whole or as shown, or its name where that is unique.")
  private String step = "";

  @Option(
      names = "--fact",
      defaultValue = "",
      paramLabel = "NAME",
      description = "Instead of RUN and STEP: a fact in doubt whose run has ended.")
  private String fact = "";

  @ArgGroup(multiplicity = "1")
  private Choice choice = new Choice();

  @Option(names = "--why", required = true, description = "How you know; kept in the store.")
  private String why = "";

  @Mixin private Author author = new Author();

  /** What was found out. */
  static final class Choice {
    @Option(
        names = "--happened",
        paramLabel = "JSON",
        description = "It happened, with that result.")
    private @Nullable String happened;

    @Option(names = "--did-not-happen", description = "It did not happen: try it again.")
    private boolean didNotHappen;

    Verdict verdict() {
      String text = happened;
      if (didNotHappen) {
        return new Verdict.DidNotHappen();
      }
      if (text == null) {
        throw new Complaint("Nothing was recorded. Say --happened JSON or --did-not-happen.");
      }
      try {
        return new Verdict.Happened(new Payload(Json.parsed(text).toString()));
      } catch (JsonProcessingException broken) {
        throw new Complaint(
            "--happened needs the effect's result as JSON and '%s' is none: %s. Put a text in"
                    .formatted(text, broken.getOriginalMessage())
                + " double quotes: --happened '\"P-17\"'.");
      }
    }
  }

  ResolveCommand(Shell shell) {
    super(shell);
  }

  @Override
  Integer perform() {
    Verdict verdict = choice.verdict();
    checkTarget();
    return fact.isEmpty() ? settleStep(verdict) : settleFact(verdict);
  }

  /** A step of a run, or a fact of the ledger: never half of one and never both. */
  private void checkTarget() {
    if (!fact.isEmpty() && !(run.isEmpty() && step.isEmpty())) {
      throw misunderstood("Name either RUN and STEP or --fact NAME, not both.");
    }
    if (fact.isEmpty() && step.isEmpty()) {
      throw misunderstood("Missing: name RUN and STEP, or --fact NAME.");
    }
  }

  private ParameterException misunderstood(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private Integer settleFact(Verdict verdict) {
    try (JournalReader reader = reader();
        Client client = client()) {
      refuseUnknown(reader);
      client.settleFact(fact, verdict, author.name(), why);
      if (isJson()) {
        print(
            Json.object()
                .put("fact", fact)
                .put("settled", Phrases.verdict(verdict))
                .put("who", author.name()));
      } else {
        print(
            List.of(
                "Settled the fact %s: %s.".formatted(fact, Phrases.verdict(verdict)),
                "Applied: runs that ask for it get that answer from now on."));
      }
      return 0;
    }
  }

  private void refuseUnknown(JournalReader reader) {
    boolean isInDoubt =
        reader.fact(fact).filter(row -> row.state() == Fact.State.IN_DOUBT).isPresent();
    if (isInDoubt) {
      return;
    }
    String names =
        reader.facts(Fact.State.IN_DOUBT, FACTS_MAX).stream()
            .map(Fact::name)
            .collect(Collectors.joining(", "));
    throw new Complaint(
        "The fact '%s' is not in doubt in %s, so nothing was recorded. %s."
            .formatted(
                fact,
                reader.location(),
                names.isEmpty() ? "No fact is" : "In doubt are: " + names));
  }

  private Integer settleStep(Verdict verdict) {
    var id = new RunId(run);
    try (JournalReader reader = reader()) {
      state(reader, id);
      StepPath path = doubt(reader, id);
      refuseSecond(reader, id, path);
      var sending = Sending.to(id, reader, existingStore());
      try (Client client = client()) {
        client.settle(id.text(), path, verdict, author.name(), why);
      }
      var message = new Message.Settle(path, verdict, author.name(), why);
      Delivery delivery = sending.follow(message).orComplain(id);
      if (isJson()) {
        print(delivery.json(id).put("path", path.text()));
      } else {
        print(
            List.of("Settled %s: %s.".formatted(path, Phrases.verdict(verdict)), delivery.text()));
      }
      return 0;
    }
  }

  private StepPath doubt(JournalReader reader, RunId id) {
    List<StepPath> doubts =
        Steps.of(History.of(reader, id)).stream()
            .filter(each -> each.standing() == Standing.IN_DOUBT)
            .map(Step::path)
            .toList();
    List<StepPath> meant = StepChoice.meant(doubts, step);
    if (meant.size() == 1) {
      return meant.getFirst();
    }
    String facts =
        doubts.isEmpty()
            ? "No step of the run is in doubt; `holdfast show` tells where each stands."
            : "In doubt are: "
                + doubts.stream().map(StepPath::text).collect(Collectors.joining(", "))
                + ". Name one of these.";
    throw new Complaint(
        "Step '%s' of run '%s' is %s, so nothing was recorded. %s"
            .formatted(step, id, meant.isEmpty() ? "not in doubt" : "not one step only", facts));
  }

  private static void refuseSecond(JournalReader reader, RunId id, StepPath path) {
    for (Message.Mail mail : reader.mail(id)) {
      if (mail.message() instanceof Message.Settle first && first.path().equals(path)) {
        throw new Complaint(
            "%s of run '%s' was settled already, by %s: %s. It is applied when an application"
                    .formatted(path, id, first.who(), Phrases.verdict(first.verdict()))
                + " opens this store; nothing more was recorded.");
      }
    }
  }
}

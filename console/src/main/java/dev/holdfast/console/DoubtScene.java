package dev.holdfast.console;

import dev.holdfast.console.Steps.Standing;
import dev.holdfast.console.Steps.Step;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Client;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The moment of the second act at which nobody but a person can know what happened. */
final class DoubtScene {
  private final Narrator narrator;
  private final Person person;
  private final DemoWorld world;
  private final Path store;
  private final RunId run;
  private int settled;
  private Duration waited = Duration.ZERO;

  DoubtScene(Narrator narrator, Person person, DemoWorld world, Path store, RunId run) {
    this.narrator = narrator;
    this.person = person;
    this.world = world;
    this.store = store;
    this.run = run;
  }

  /** How many doubts there were. */
  int settled() {
    return settled;
  }

  /** How long a person thought about them. */
  Duration waited() {
    return waited;
  }

  void settle() {
    for (StepPath path : doubts()) {
      DemoBook book = DemoBook.of(path.name(), world.ledger());
      tell(path, book);
      Verdict verdict = verdict(book);
      String who = System.getProperty("user.name", "demo");
      try (Client client = Holdfast.client(store)) {
        client.settle(run.text(), path, verdict, who, "the book of the " + book.place());
      }
      settled++;
      narrator.say(narrator.paint().good("settled: " + Phrases.verdict(verdict)));
      if (verdict instanceof Verdict.DidNotHappen) {
        narrator.say("So it is tried again; where the book was right, it will happen twice.");
      }
      narrator.line("");
    }
  }

  private List<StepPath> doubts() {
    try (JournalReader reader = Holdfast.reader(store)) {
      List<StepPath> doubts =
          Steps.of(History.of(reader, run)).stream()
              .filter(step -> step.standing() == Standing.IN_DOUBT)
              .map(Step::path)
              .toList();
      if (doubts.isEmpty()) {
        throw new Complaint("Run %s stands in doubt and no step of it does.".formatted(run));
      }
      return doubts;
    }
  }

  private void tell(StepPath path, DemoBook book) {
    narrator.line("");
    narrator.say(
        narrator.paint().alert("IN DOUBT: did " + path.name() + " happen?")
            + " The process died between call and outcome, and the");
    narrator.say(
        "%s knows no keys and answers no probes. So nothing is repeated: somebody is asked,"
            .formatted(book.place()));
    narrator.say("here, or at any time with");
    narrator.say(
        "  " + new Remedies(Optional.of(store.toString())).commandsOfDoubt(run, path).getFirst());
    narrator.say(
        "The book of the %s says: %s."
            .formatted(book.place(), Phrases.count(book.count(), book.what())));
  }

  private Verdict verdict(DemoBook book) {
    long start = System.nanoTime();
    Optional<String> answer =
        person
            .answer("   Did the %s happen? [Y/n] ".formatted(book.what()))
            .map(text -> text.toLowerCase(Locale.ROOT));
    waited = waited.plusNanos(System.nanoTime() - start);
    if (answer.isEmpty()) {
      narrator.say(narrator.paint().faint("(nobody answers at a terminal, so the book decides)"));
    }
    boolean happened = answer.map(text -> !text.startsWith("n")).orElse(book.count() > 0);
    return happened
        ? new Verdict.Happened(new Payload(book.lastNumber()))
        : new Verdict.DidNotHappen();
  }
}

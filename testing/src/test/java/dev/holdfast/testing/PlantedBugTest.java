package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A store that does wrong is found by a simulation, with the law that it breaks. */
class PlantedBugTest {
  private static final int SEEDS_MAX = 2_000;

  private static void isFound(
      String law, BiFunction<InMemoryJournal.Storage, Journal, Journal> broken) {
    for (long seed = 1; seed <= SEEDS_MAX; seed++) {
      try {
        Simulation.of(seed).through(broken).play();
      } catch (AssertionError found) {
        String again = "-D%s=%d".formatted(Simulation.SEED, seed);
        assertThat(found).hasMessageContainingAll("Simulation " + seed, law, again);
        return;
      }
    }
    throw new AssertionError("No law was broken.");
  }

  private static void isFound(String law, UnaryOperator<Journal> broken) {
    isFound(law, (storage, journal) -> broken.apply(journal));
  }

  /** A journal that says yes to such messages and drops them. */
  private static Journal losing(Journal journal, Predicate<Message> lost) {
    return new ForwardingJournal(journal) {
      @Override
      public CompletableFuture<Void> send(RunId run, Message message) {
        return lost.test(message)
            ? CompletableFuture.completedFuture(null)
            : super.send(run, message);
      }
    };
  }

  /** A journal that writes something else than it is given. */
  private static Journal writing(Journal journal, UnaryOperator<Entry> change) {
    return new ForwardingJournal(journal) {
      @Override
      public CompletableFuture<Void> append(Append append) {
        List<Entry> entries = append.entries().stream().map(change).toList();
        return super.append(with(append, entries, append.release()));
      }
    };
  }

  /** A journal in which what tells a parent of its child's end is changed. */
  private static Journal telling(Journal journal, UnaryOperator<Optional<Release.Letter>> change) {
    return new ForwardingJournal(journal) {
      @Override
      public CompletableFuture<Void> append(Append append) {
        Optional<Release> release =
            append
                .release()
                .map(its ->
                    new Release(
                        its.status(),
                        its.readyAt(),
                        its.awaits(),
                        its.handedOn(),
                        change.apply(its.letter())));
        return super.append(with(append, append.entries(), release));
      }
    };
  }

  private static Append with(Append append, List<Entry> entries, Optional<Release> release) {
    return new Append(
        append.run(),
        append.epoch(),
        append.firstSequence(),
        append.at(),
        entries,
        append.consumed(),
        append.facts(),
        release,
        append.gaps());
  }

  @Test
  void aSignalThatIsLost() {
    isFound(
        "a message that was acknowledged is kept: 'signal",
        journal -> losing(journal, Message.Signal.class::isInstance));
  }

  @Test
  void anApprovalThatIsLost() {
    isFound(
        "a message that was acknowledged is kept: 'approve",
        journal -> losing(journal, Message.Approve.class::isInstance));
  }

  @Test
  void aVerdictThatIsLost() {
    isFound(
        "a message that was acknowledged is kept: 'settle",
        journal -> losing(journal, Message.Settle.class::isInstance));
  }

  @Test
  void aRollbackThatIsLost() {
    isFound(
        "a message that was acknowledged is kept: 'roll back",
        journal -> losing(journal, PlantedBugTest::isRollBackByAPerson));
  }

  private static boolean isRollBackByAPerson(Message message) {
    return message instanceof Message.RollBack && message.who().equals("ann");
  }

  @Test
  void aStartThatIsLost() {
    isFound(
        "a start that was acknowledged is kept",
        journal ->
            new ForwardingJournal(journal) {
              @Override
              public CompletableFuture<Start> start(NewRun run) {
                return run.started().parent().isEmpty()
                    ? CompletableFuture.completedFuture(new Start.Fresh(Optional.empty()))
                    : super.start(run);
              }
            });
  }

  @Test
  void aSignalThatIsDeliveredTwice() {
    isFound(
        "nothing is received that nobody sent",
        journal ->
            new ForwardingJournal(journal) {
              @Override
              public List<Message.Mail> mail(RunId run) {
                var mail = new ArrayList<Message.Mail>();
                for (Message.Mail letter : super.mail(run)) {
                  mail.add(letter);
                  if (letter.message() instanceof Message.Signal signal) {
                    mail.add(new Message.Mail(-letter.number(), letter.at(), again(signal)));
                  }
                }
                return mail;
              }
            });
  }

  private static Message again(Message.Signal signal) {
    return new Message.Signal(
        signal.name(), signal.id() + "'", signal.value(), signal.who(), signal.why());
  }

  @Test
  void aLeaseThatNeverEnds() {
    isFound(
        "what is finished is not done again",
        journal ->
            new ForwardingJournal(journal) {
              @Override
              public CompletableFuture<Void> lease(RunId run, long epoch) {
                return CompletableFuture.completedFuture(null);
              }
            });
  }

  @Test
  void aClaimThatTwoWorkersGet() {
    isFound(
        "one owner for each claim",
        (storage, journal) ->
            new ForwardingJournal(journal) {
              private long self;

              @Override
              public CompletableFuture<List<Claim>> claim(
                  Set<WorkflowKey> workflows, Instant now, int countMax) {
                return super.claim(workflows, now, countMax).thenApply(this::steal);
              }

              // As if a claim were no more than a note of who was there last.
              private List<Claim> steal(List<Claim> claims) {
                for (Claim claim : claims) {
                  MemoryRun claimed = storage.runs.get(claim.run());
                  self = claimed == null ? self : claimed.owner;
                }
                storage.runs.values().stream()
                    .filter(run -> self > 0 && run.status == Status.EXECUTING)
                    .forEach(run -> run.owner = self);
                return claims;
              }
            });
  }

  @Test
  void aTimerThatEndsEarly() {
    isFound(
        "no wait ends early",
        journal ->
            writing(
                journal,
                entry ->
                    entry instanceof Entry.WaitStarted wait
                        ? new Entry.WaitStarted(wait.path(), wait.due().plus(Duration.ofHours(1)))
                        : entry));
  }

  @Test
  void aRaceWhoseWinnerChanges() {
    isFound(
        "a run goes on with what it decided",
        journal ->
            writing(
                journal,
                entry ->
                    entry instanceof Entry.RaceWon won
                        ? new Entry.RaceWon(won.path(), won.label().equals("b0") ? "b1" : "b0")
                        : entry));
  }

  @Test
  void aPatchThatIsForgotten() {
    isFound(
        "a run goes on with what it decided",
        journal ->
            writing(
                journal,
                entry ->
                    entry instanceof Entry.PatchApplied patch
                        ? new Entry.PatchApplied(patch.path().parent().child("patch", "other", 0))
                        : entry));
  }

  @Test
  void aSealThatIsForgotten() {
    isFound(
        "a sealed turn is not played again",
        journal ->
            new ForwardingJournal(journal) {
              @Override
              public CompletableFuture<List<Claim>> claim(
                  Set<WorkflowKey> workflows, Instant now, int countMax) {
                return super.claim(workflows, now, countMax)
                    .thenApply(claims -> claims.stream().map(claim -> whole(claim)).toList());
              }

              @Override
              public List<Recorded> entries(RunId run, long fromSequence, int countMax) {
                return super.entries(run, fromSequence, countMax).stream()
                    .filter(recorded -> !(recorded.entry() instanceof Entry.TurnSealed))
                    .toList();
              }
            });
  }

  private static Claim whole(Claim claim) {
    return new Claim(
        claim.run(),
        claim.workflow(),
        claim.epoch(),
        claim.nextSequence(),
        claim.deaths(),
        List.of());
  }

  @Test
  void aChildThatOutlivesTheTimeOfItsParent() {
    isFound(
        "a child has no more time than its parent",
        journal ->
            new ForwardingJournal(journal) {
              @Override
              public CompletableFuture<Start> start(NewRun run) {
                return super.start(run.started().parent().isPresent() ? endless(run) : run);
              }
            });
  }

  private static NewRun endless(NewRun run) {
    Entry.RunStarted its = run.started();
    var started =
        new Entry.RunStarted(
            its.workflow(),
            its.version(),
            its.input(),
            its.inputDigest(),
            Optional.empty(),
            its.parent(),
            its.manifest());
    return new NewRun(
        run.id(),
        started,
        run.at(),
        run.readyAt(),
        run.queue(),
        run.deduplication(),
        run.session(),
        run.copied(),
        run.subject());
  }

  @Test
  void anEndOfAChildThatIsAnother() {
    isFound(
        "a child's end is the one that it came to",
        journal -> telling(journal, letter -> letter.map(PlantedBugTest::otherEnd)));
  }

  private static Release.Letter otherEnd(Release.Letter letter) {
    return letter.message() instanceof Message.ChildEnded child
        ? new Release.Letter(
            letter.to(),
            new Message.ChildEnded(
                child.path(), child.child(), new Entry.RunCompleted(new Payload("\"other\""))))
        : letter;
  }

  @Test
  void anEndOfAChildThatIsLost() {
    isFound("Runs have not ended within", journal -> telling(journal, letter -> Optional.empty()));
  }
}

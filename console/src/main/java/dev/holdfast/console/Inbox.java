package dev.holdfast.console;

import dev.holdfast.console.Steps.Step;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a store's runs need people for.
 *
 * @param needs the oldest first
 * @param unseen how many more runs may need somebody and were not looked at
 */
record Inbox(List<Need> needs, int unseen) {
  /** How many runs of a kind are looked into at most, those first that stand longest. */
  static final int RUNS_MAX = 500;

  private static final int COUNT_MAX = 10_000;
  private static final Set<Status> STANDING =
      EnumSet.of(Status.AWAITING_APPROVAL, Status.IN_DOUBT, Status.QUARANTINED);

  /** Mail makes a run ready, and a branch may ask somebody while another one works. */
  private static final Set<Status> MOVING = EnumSet.of(Status.READY, Status.EXECUTING);

  static Inbox of(JournalReader reader) {
    List<RunState> standing = oldestFirst(reader, STANDING);
    List<RunState> moving = oldestFirst(reader, MOVING);
    var needs = new ArrayList<Need>();
    standing.stream().limit(RUNS_MAX).forEach(run -> needs.addAll(of(reader, run)));
    moving.stream()
        .limit(RUNS_MAX)
        .filter(run -> mayNeedSomebody(reader, run))
        .forEach(run -> needs.addAll(of(reader, run)));
    needs.addAll(looseFacts(reader));
    needs.sort(Comparator.comparing(Need::since));
    int unseen = Math.max(0, standing.size() - RUNS_MAX) + Math.max(0, moving.size() - RUNS_MAX);
    return new Inbox(List.copyOf(needs), unseen);
  }

  private static List<RunState> oldestFirst(JournalReader reader, Set<Status> statuses) {
    return reader.runs(statuses, 0, COUNT_MAX).reversed();
  }

  /** A run that was never parked and got no mail is on its way by itself. */
  private static boolean mayNeedSomebody(JournalReader reader, RunState run) {
    return run.status() == Status.EXECUTING
        || !reader.mail(run.id()).isEmpty()
        || reader
            .last(run.id())
            .filter(last ->
                last.entry() instanceof Entry.RunParked
                    || last.entry() instanceof Entry.RunQuarantined)
            .isPresent();
  }

  /** What one run needs, in the order of its journal. */
  static List<Need> of(JournalReader reader, RunState run) {
    return of(run, History.of(reader, run.id()), reader.mail(run.id()));
  }

  /** The same, from what was read of it; what somebody has answered is not asked again. */
  static List<Need> of(RunState run, List<Recorded> history, List<Message.Mail> mail) {
    if (run.status().isEnded()) {
      return List.of();
    }
    var needs = new ArrayList<Need>();
    for (Step step : Steps.of(history)) {
      if (mail.stream().noneMatch(letter -> isAbout(letter.message(), step.path()))) {
        need(run, step, history).ifPresent(needs::add);
      }
    }
    if (run.status() == Status.QUARANTINED) {
      halt(run, history).ifPresent(needs::add);
    }
    mail.forEach(letter -> needs.add(new Need.Letter(run, letter)));
    return needs;
  }

  /** Nobody needs to answer what a run asks that is to end. */
  private static boolean isAbout(Message message, StepPath path) {
    return switch (message) {
      case Message.Settle settle -> settle.path().equals(path);
      case Message.Evidence evidence -> evidence.path().equals(path);
      case Message.Approve answer -> answer.path().equals(path);
      case Message.Signal signal -> false;
      case Message.ChildEnded child -> false;
      case Message.Cancel cancel -> true;
      case Message.RollBack back -> false; // its doubts must be settled first
      case Message.Resume resume -> false;
    };
  }

  private static Optional<Need> need(RunState run, Step step, List<Recorded> history) {
    return switch (step.outcome().orElse(null)) {
      case Entry.ApprovalAsked asked -> Optional.of(new Need.Question(run, step.since(), asked));
      case Entry.EffectDoubted doubted ->
          Optional.of(
              new Need.Doubt(run, step.since(), step, doubted, intended(step.path(), history)));
      case null, default -> Optional.empty();
    };
  }

  private static Optional<Need.Sent> intended(StepPath path, List<Recorded> history) {
    return history.stream().flatMap(recorded -> sent(path, recorded).stream()).findFirst();
  }

  private static Optional<Need.Sent> sent(StepPath path, Recorded recorded) {
    return recorded.entry() instanceof Entry.EffectIntended intended && intended.path().equals(path)
        ? Optional.of(new Need.Sent(recorded.at(), intended))
        : Optional.empty();
  }

  private static Optional<Need> halt(RunState run, List<Recorded> history) {
    return history.reversed().stream()
        .filter(recorded -> recorded.entry() instanceof Entry.RunQuarantined)
        .findFirst()
        .map(last -> new Need.Halt(run, last.at(), (Entry.RunQuarantined) last.entry()));
  }

  private static List<Need> looseFacts(JournalReader reader) {
    var needs = new ArrayList<Need>();
    for (Fact fact : reader.facts(Fact.State.IN_DOUBT, COUNT_MAX)) {
      reader
          .find(fact.run())
          .filter(run -> run.status().isEnded())
          .ifPresent(run -> needs.add(new Need.LooseFact(run, run.changedAt(), fact)));
    }
    return needs;
  }

  /** The facts in doubt that a run left behind when it ended. */
  static List<Fact> looseFacts(JournalReader reader, RunId run) {
    return reader.facts(Fact.State.IN_DOUBT, COUNT_MAX).stream()
        .filter(fact -> fact.run().equals(run))
        .toList();
  }
}

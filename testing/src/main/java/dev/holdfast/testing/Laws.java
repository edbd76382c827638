package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.StepPath;
import dev.holdfast.json.JsonCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What every history of a run obeys, whatever befell it. */
final class Laws {
  private final List<Recorded> history = new ArrayList<>();
  private final Set<StepPath> patched = new HashSet<>();
  private final Set<StepPath> intended = new HashSet<>();
  private final Set<StepPath> open = new HashSet<>();
  private final Set<StepPath> answered = new HashSet<>();
  private final Set<StepPath> doubted = new HashSet<>();
  private final Map<StepPath, Instant> due = new HashMap<>();
  private final Set<String> received = new HashSet<>();
  private final Map<StepPath, Integer> attempts = new HashMap<>();
  private final Map<StepPath, String> winners = new HashMap<>();
  private final Map<StepPath, Integer> sealed = new HashMap<>();
  private final Undoing undoing = new Undoing();
  private Instant clockRead = Instant.MIN;
  private long epoch;
  private boolean ended;

  /** Fails where a history breaks a law. */
  static void check(List<Recorded> history) {
    var laws = new Laws();
    history.forEach(recorded -> laws.follow(recorded, recorded.at()));
  }

  /** Fails where entries from before a crash are gone or changed. */
  static void checkPrefix(List<Recorded> before, List<Recorded> after) {
    assertThat(after.size()).isGreaterThanOrEqualTo(before.size());
    assertThat(after.subList(0, before.size()))
        .as("what a crash left is a prefix")
        .isEqualTo(before);
  }

  /**
   * Takes the next entry; fails where it breaks a law.
   *
   * @param latest the latest time that the clock has read by then: it may have been set back since
   */
  void follow(Recorded recorded, Instant latest) {
    clockRead = latest;
    long place = recorded.sequence();
    int next = history.size();
    history.add(recorded);
    assertThat(place).as(() -> broken("sequence without gaps", place)).isEqualTo(next);
    assertThat(recorded.entry() instanceof Entry.RunStarted)
        .as(() -> broken("begins with the start", place))
        .isEqualTo(next == 0);
    assertThat(recorded.epoch())
        .as(() -> broken("epochs grow", place))
        .isGreaterThanOrEqualTo(epoch);
    assertThat(ended && !isReopening(recorded.entry()))
        .as(() -> broken("nothing follows the end", place))
        .isFalse();
    epoch = recorded.epoch();
    switch (recorded.entry()) {
      case Entry.OfStep step -> follow(step, recorded);
      case Entry.RunStarted e -> {}
      case Entry.SignalReceived e ->
          assertThat(received.add(e.name() + " " + e.id()))
              .as(() -> broken("a repeat is no signal", place))
              .isTrue();
      case Entry.RunResumed e -> {
        ended = false; // one that came to its deadline may go on
        answered.clear(); // what had been given up may be asked for again
        open.clear();
      }
      case Entry.RunCompleted e -> {
        ended = true;
        assertThat(doubted).as(() -> broken("no doubt is open at the end", place)).isEmpty();
      }
      case Entry.RunFailed e -> ended = true;
      case Entry.RunCancelled e -> ended = true;
      case Entry.RunCompensated e -> {
        ended = true;
        assertThat(e.undone())
            .as(() -> broken("no doubt is open at the end but what was undone", place))
            .containsAll(doubted)
            .doesNotHaveDuplicates();
      }
      case Entry.RollbackStarted e -> {
        ended = false; // also a run that had completed
        sealed.clear(); // what sealed turns did is undone like the rest
      }
      case Entry.RunForked e -> {}
      case Entry.AnswerKept e -> {}
      case Entry.RunClaimed e -> {}
      case Entry.RunParked e -> {}
      case Entry.CancelRequested e -> {}
      case Entry.ManifestChanged e -> {}
      case Entry.MessageRefused e -> {}
      case Entry.RunTruncated e -> {}
      case Entry.RunQuarantined e -> {}
      case Entry.RunErased e -> {}
    }
  }

  private void follow(Entry.OfStep entry, Recorded recorded) {
    long place = recorded.sequence();
    checkSealed(entry, place);
    undoing.follow(entry, place, () -> broken("the last is undone first", place));
    switch (entry) {
      case Entry.EffectIntended e -> {
        intend(e.path(), place);
        goOn(e, place);
      }
      case Entry.AttemptStarted e -> attempt(e, place);
      case Entry.EffectDoubted e -> {
        assertThat(answered)
            .as(() -> broken("no doubt after the outcome", place))
            .doesNotContain(e.path());
        doubted.add(e.path());
      }
      case Entry.DoubtSettled e ->
          assertThat(doubted.remove(e.path()) || isOut(e.path()))
              .as(() -> broken("only what is unknown is settled", place))
              .isTrue();
      case Entry.WaitStarted e -> due.put(e.path(), e.due());
      case Entry.WaitEnded e -> endWait(e.path(), recorded);
      case Entry.SignalTaken e -> take(e, place);
      case Entry.ApprovalAsked e -> {
        answered.remove(e.path()); // an answer to something else does not count any more
        due.put(e.path(), e.due());
      }
      case Entry.ApprovalAnswered e -> answer(e.path(), place);
      case Entry.StepAnswered e -> answer(e.path(), place);
      case Entry.EffectSucceeded e -> answer(e.path(), place);
      case Entry.EffectGaveUp e -> answer(e.path(), place);
      case Entry.AnswerTaken e -> answer(e.path(), place);
      case Entry.ScopeOpened e -> answer(e.path(), place);
      case Entry.ClockRead e -> answer(e.path(), place);
      case Entry.SeedDrawn e -> answer(e.path(), place);
      case Entry.ChildStarted e -> intend(e.path(), place);
      case Entry.ChildEnded e -> answer(e.path(), place);
      case Entry.RaceWon e ->
          assertThat(winners.put(e.path(), e.label()))
              .as(() -> broken("one winner", place))
              .isNull();
      case Entry.WaitDropped e -> answer(e.path(), place);
      case Entry.ChildCancelled e -> answered.remove(e.path()); // one that completed ends again
      case Entry.PatchApplied e -> {
        answer(e.path(), place);
        patched.add(e.path());
      }
      case Entry.TurnSealed e -> {
        answer(e.path(), place);
        sealed.put(e.path().parent(), number(e.path()));
      }
      case Entry.AttemptFailed e -> {}
      case Entry.InputDrifted e -> {}
    }
  }

  /** What a run goes on with must be on record before. */
  private void goOn(Entry.EffectIntended intended, long place) {
    if (!intended.path().name().startsWith(Decision.STEP)) {
      return;
    }
    Decision told =
        Decision.parse(
            String.valueOf(JsonCodec.standard().decode(intended.call().input(), String.class)));
    Optional<String> recorded =
        told.isRace()
            ? Optional.ofNullable(winners.get(told.at()))
            : Optional.of("true").filter(yes -> patched.contains(told.at()));
    assertThat(recorded)
        .as(() -> broken("a run goes on with what it decided", place))
        .isEqualTo(told.recorded());
  }

  /** The end of a child that lost a race may come after its turn. */
  private void checkSealed(Entry.OfStep entry, long place) {
    if (entry instanceof Entry.ChildEnded) {
      return;
    }
    for (Map.Entry<StepPath, Integer> loop : sealed.entrySet()) {
      StepPath path = entry.path();
      if (path.isWithin(loop.getKey()) && !path.equals(loop.getKey())) {
        while (!path.parent().equals(loop.getKey())) {
          path = path.parent();
        }
        assertThat(number(path))
            .as(() -> broken("a sealed turn is not played again", place))
            .isGreaterThan(loop.getValue());
      }
    }
  }

  private static int number(StepPath turn) {
    return Integer.parseInt(turn.text().substring(turn.text().lastIndexOf('#') + 1));
  }

  private boolean isOut(StepPath path) {
    return open.contains(path) && !answered.contains(path);
  }

  private void intend(StepPath path, long place) {
    assertThat(open.add(path)).as(() -> broken("one intent", place)).isTrue();
    intended.add(path);
    attempts.put(path, 1);
  }

  private void attempt(Entry.AttemptStarted started, long place) {
    StepPath path = started.path();
    assertThat(intended).as(() -> broken("intent before attempt", place)).contains(path);
    assertThat(answered)
        .as(() -> broken("no attempt after the outcome", place))
        .doesNotContain(path);
    assertThat(attempts.put(path, started.attempt()))
        .as(() -> broken("attempts in order", place))
        .isEqualTo(started.attempt() - 1);
  }

  private void endWait(StepPath path, Recorded recorded) {
    assertThat(due)
        .as(() -> broken("only what waits can be late", recorded.sequence()))
        .containsKey(path);
    assertThat(clockRead)
        .as(() -> broken("no wait ends early", recorded.sequence()))
        .isAfterOrEqualTo(due.get(path));
    answer(path, recorded.sequence());
  }

  private void take(Entry.SignalTaken taken, long place) {
    assertThat(received.remove(taken.path().name() + " " + taken.id()))
        .as(() -> broken("a signal is received and taken once", place))
        .isTrue();
    answer(taken.path(), place);
  }

  private void answer(StepPath path, long place) {
    assertThat(answered.add(path)).as(() -> broken("one outcome per step", place)).isTrue();
  }

  /** A run that ended is claimed once more where its mail opens it again, and for nothing else. */
  private static boolean isReopening(Entry entry) {
    return entry instanceof Entry.RunClaimed
        || entry instanceof Entry.RunResumed
        || entry instanceof Entry.RollbackStarted
        || entry instanceof Entry.MessageRefused
        || entry instanceof Entry.SignalReceived
        || entry instanceof Entry.CancelRequested
        || entry instanceof Entry.ApprovalAnswered
        || entry instanceof Entry.ChildEnded;
  }

  private String broken(String law, long place) {
    return "%s, entry %d of %s".formatted(law, place, history);
  }
}

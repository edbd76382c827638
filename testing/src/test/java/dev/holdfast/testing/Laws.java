package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.StepPath;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What every history of a run obeys, whatever befell it. */
final class Laws {
  private final List<Recorded> history;
  private final Set<StepPath> intended = new HashSet<>();
  private final Set<StepPath> open = new HashSet<>();
  private final Set<StepPath> answered = new HashSet<>();
  private final Set<StepPath> doubted = new HashSet<>();
  private final Map<StepPath, Integer> attempts = new HashMap<>();
  private boolean ended;

  private Laws(List<Recorded> history) {
    this.history = history;
  }

  /** Fails where a history breaks a law. */
  static void check(List<Recorded> history) {
    new Laws(history).check();
  }

  /** Fails where entries from before a crash are gone or changed. */
  static void checkPrefix(List<Recorded> before, List<Recorded> after) {
    assertThat(after.size()).isGreaterThanOrEqualTo(before.size());
    assertThat(after.subList(0, before.size()))
        .as("what a crash left is a prefix")
        .isEqualTo(before);
  }

  private void check() {
    if (history.isEmpty()) {
      return; // the start itself did not survive
    }
    assertThat(history.getFirst().entry()).isInstanceOf(Entry.RunStarted.class);
    long epoch = 0;
    for (int i = 0; i < history.size(); i++) {
      Recorded recorded = history.get(i);
      assertThat(recorded.sequence()).as("sequence without gaps in %s", history).isEqualTo(i);
      assertThat(recorded.epoch()).as("epochs grow in %s", history).isGreaterThanOrEqualTo(epoch);
      assertThat(ended).as("nothing follows the end in %s", history).isFalse();
      epoch = recorded.epoch();
      follow(recorded);
    }
  }

  private void follow(Recorded recorded) {
    String place = "entry %d of %s".formatted(recorded.sequence(), history);
    switch (recorded.entry()) {
      case Entry.EffectIntended e -> {
        assertThat(open.add(e.path())).as("one intent, %s", place).isTrue();
        intended.add(e.path());
        attempts.put(e.path(), 1);
      }
      case Entry.AttemptStarted e -> {
        assertThat(intended).as("intent before attempt, %s", place).contains(e.path());
        assertThat(answered).as("no attempt after the outcome, %s", place).doesNotContain(e.path());
        assertThat(attempts.put(e.path(), e.attempt()))
            .as("attempts in order, %s", place)
            .isEqualTo(e.attempt() - 1);
      }
      case Entry.StepAnswered e -> answer(e.path(), place);
      case Entry.EffectSucceeded e -> answer(e.path(), place);
      case Entry.EffectGaveUp e -> answer(e.path(), place);
      case Entry.EffectDoubted e -> {
        assertThat(answered).as("no doubt after the outcome, %s", place).doesNotContain(e.path());
        doubted.add(e.path());
      }
      case Entry.DoubtSettled e ->
          assertThat(doubted.remove(e.path())).as("only doubts are settled, %s", place).isTrue();
      case Entry.RunCompleted e -> {
        ended = true;
        assertThat(doubted).as("no doubt is open at the end, %s", place).isEmpty();
      }
      case Entry.RunFailed e -> ended = true;
      case Entry.ScopeOpened e -> answer(e.path(), place);
      case Entry.ClockRead e -> answer(e.path(), place);
      case Entry.SeedDrawn e -> answer(e.path(), place);
      case Entry.RunStarted e -> assertThat(recorded.sequence()).as(place).isZero();
      case Entry.RunClaimed e -> {}
      case Entry.AttemptFailed e -> {}
      case Entry.InputDrifted e -> {}
      case Entry.RunParked e -> {}
      case Entry.RunResumed e -> {
        answered.clear(); // what had been given up may be asked for again
        open.clear();
      }
      case Entry.MessageRefused e -> {}
      case Entry.RunTruncated e -> {}
      case Entry.RunQuarantined e -> {}
    }
  }

  private void answer(StepPath path, String place) {
    assertThat(answered.add(path)).as("one outcome per step, %s", place).isTrue();
  }
}

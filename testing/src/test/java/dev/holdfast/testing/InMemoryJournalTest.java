package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.Journal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class InMemoryJournalTest {
  @Nested
  class AtOnce extends JournalContract {
    private final InMemoryJournal.Storage storage = new InMemoryJournal.Storage();

    @Override
    protected Journal open() {
      return new InMemoryJournal(storage);
    }

    @Test
    void anotherJournalOverTheSameStorageFencesThisOne() throws Exception {
      Claim held = claimed("r");
      Journal earlier = journal;
      journal = opened();

      assertThat(failureOf(earlier.append(append(held, marker("zombie")))))
          .isInstanceOf(Fenced.class);
      assertThat(failureOf(earlier.start(newRun("s")))).isInstanceOf(Fenced.class);
      assertThat(claimable(now)).containsExactly("r");
    }
  }

  @Nested
  class WithACommitDelay extends JournalContract {
    private final InMemoryJournal.Storage storage = new InMemoryJournal.Storage();

    @Override
    protected Journal open() {
      return new InMemoryJournal(storage, InstantSource.system(), Duration.ofMillis(2));
    }
  }

  @Test
  void aDelayedCommitIsSeenByNobodyBeforeItIsDone() {
    try (var journal =
        new InMemoryJournal(
            new InMemoryJournal.Storage(), InstantSource.system(), Duration.ofMillis(400))) {
      var run = fixture(journal).newRun("r");

      var queued = journal.start(run);

      assertThat(journal.find(run.id())).isEmpty();
      JournalFixture.done(queued);
      assertThat(journal.find(run.id())).isPresent();
    }
  }

  @Test
  void mailIsDatedByTheGivenClock() {
    var longAgo = Instant.parse("2001-01-01T00:00:00Z");
    try (var journal =
        new InMemoryJournal(
            new InMemoryJournal.Storage(), InstantSource.fixed(longAgo), Duration.ZERO)) {
      var fixture = fixture(journal);
      JournalFixture.done(journal.start(fixture.newRun("r")));
      JournalFixture.done(journal.send(fixture.newRun("r").id(), JournalFixture.RESUME));
      assertThat(journal.mail(fixture.newRun("r").id()).get(0).at()).isEqualTo(longAgo);
    }
  }

  @Test
  void aDelayOutOfBoundsIsRefused() {
    assertThatThrownBy(() ->
            new InMemoryJournal(
                new InMemoryJournal.Storage(), InstantSource.system(), Duration.ofMinutes(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 to 1 minute");
  }

  private static JournalFixture fixture(Journal used) {
    return new JournalFixture() {
      @Override
      protected Journal open() {
        return used;
      }
    };
  }
}

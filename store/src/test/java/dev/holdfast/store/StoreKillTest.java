package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.testing.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What another process wrote before it was killed by a real SIGKILL. */
class StoreKillTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int KILLS = 3;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Durability.class)
  void whatWasConfirmedIsThereAfterAKillAndNothingIsTorn(Durability durability) {
    Path store = folder.resolve("runs.db");
    var arguments = List.of(store.toString(), durability.name());
    for (int kill = 1; kill <= KILLS; kill++) {
      long confirmed;
      try (var child = ChildJvm.start(StoreAppender.class, arguments)) {
        confirmed = Long.parseLong(child.awaitLine("confirmed ", DEADLINE));
        child.kill();
      }
      try (var journal =
          SqliteJournal.open(store, durability, InstantSource.system(), Optional.empty())) {
        assertUnbroken(journal, confirmed);
        // Claims what the dead process left, as its next incarnation will.
        List<Claim> claims =
            journal.claim(Set.of(StoreAppender.WORKFLOW), Instant.now(), 10).join();
        assertThat(claims).hasSize(1);
        assertThat(claims.get(0).epoch()).isEqualTo(2L * kill);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void entryAndFactAreThereTogetherAfterAKillOrNeitherIs(Durability durability) {
    Path store = folder.resolve("runs.db");
    var arguments = List.of(store.toString(), durability.name());
    for (int kill = 1; kill <= KILLS; kill++) {
      long confirmed;
      try (var child = ChildJvm.start(StoreReserver.class, arguments)) {
        confirmed = Long.parseLong(child.awaitLine("confirmed ", DEADLINE));
        child.kill();
      }
      try (var journal =
          SqliteJournal.open(store, durability, InstantSource.system(), Optional.empty())) {
        assertEachFactHasItsEntry(journal, confirmed);
      }
    }
  }

  private static void assertEachFactHasItsEntry(SqliteJournal journal, long confirmed) {
    List<Recorded> history = journal.entries(StoreReserver.RUN, 1, 1_000_000);
    assertThat(history).hasSizeGreaterThanOrEqualTo((int) confirmed);
    assertThat(journal.facts(Fact.State.HELD, 1_000_000))
        .extracting(Fact::name)
        .containsExactlyInAnyOrderElementsOf(history.stream().map(StoreKillTest::worker).toList());
  }

  private static String worker(Recorded recorded) {
    assertThat(recorded.entry()).isInstanceOf(Entry.RunClaimed.class);
    return ((Entry.RunClaimed) recorded.entry()).worker();
  }

  private static void assertUnbroken(SqliteJournal journal, long confirmed) {
    List<Recorded> history = journal.entries(StoreAppender.RUN, 0, 1_000_000);
    assertThat(history).hasSizeGreaterThan((int) confirmed);
    for (int i = 0; i < history.size(); i++) {
      assertThat(history.get(i).sequence()).isEqualTo(i);
    }
    assertThat(history.subList(1, history.size()))
        .extracting(Recorded::entry)
        .allSatisfy(entry ->
            assertThat(entry)
                .isInstanceOfSatisfying(
                    Entry.RunClaimed.class,
                    claimed -> assertThat(claimed.worker()).isEqualTo(StoreAppender.LONG_NAME)));
    assertThat(journal.find(new RunId("never"))).isEmpty();
  }
}

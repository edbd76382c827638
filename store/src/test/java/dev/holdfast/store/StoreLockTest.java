package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.StoreFailed;
import dev.holdfast.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreLockTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void aSecondOpenerInThisProcessIsRefusedAndTheLockStands() {
    try (var first = open(store())) {
      assertRefused(ProcessHandle.current().pid());
      assertRefused(ProcessHandle.current().pid());
      assertThat(first.location()).isEqualTo(store().toString());
      // Had the second opener touched the lock file, its lock would be gone by now.
      try (var child = ChildJvm.start(StoreOpener.class, List.of(store().toString()))) {
        assertThat(child.awaitLine("refused: ", DEADLINE))
            .contains("pid=" + ProcessHandle.current().pid());
      }
    }
  }

  @Test
  void aSecondOpenerInAnotherProcessIsRefusedUntilTheHolderIsKilled() {
    try (var child = ChildJvm.start(StoreOpener.class, List.of(store().toString()))) {
      child.awaitLine("open", DEADLINE);
      assertRefused(child.pid());

      child.kill();

      open(store()).close();
    }
  }

  @Test
  void theRefusalSaysSinceWhenAndWhatHelps() {
    try (var first = open(store())) {
      assertThat(first.location()).isNotBlank();
      assertThatThrownBy(() -> open(store()))
          .isInstanceOf(StoreFailed.class)
          .hasMessageContaining("Another process executes the store " + store())
          .hasMessageMatching("(?s).*since=20[0-9-]+T[0-9:]+Z.*")
          .hasMessageContaining("Use Holdfast.client(path)");
    }
  }

  @Test
  void aSymbolicLinkLeadsToTheSameLock() throws IOException {
    try (var first = open(store())) {
      Path link = Files.createSymbolicLink(folder.resolve("link.db"), store());
      assertThatThrownBy(() -> open(link)).hasMessageContaining(first.location());
    }
  }

  @Test
  void theLockFileHoldsTheOpeningsCount() throws IOException {
    for (int opening = 1; opening <= 3; opening++) {
      try (var journal = open(store())) {
        assertThat(Files.readString(lock()))
            .contains("pid=" + ProcessHandle.current().pid(), "opened=" + opening)
            .doesNotContain(journal.location());
      }
    }
  }

  @Test
  void anAbandonedStoreCanBeOpenedAtOnce() {
    var abandoned = open(store());
    abandoned.abandon();

    open(store()).close();
    assertThat(lock()).exists();
  }

  @Test
  void anOpeningThatFailsGivesTheLockBack() throws IOException {
    Files.writeString(store(), "no database at all, but long enough to look like something else");
    assertThatThrownBy(() -> open(store())).isInstanceOf(StoreFailed.class);
    Files.delete(store());

    open(store()).close();
  }

  private void assertRefused(long holder) {
    assertThatThrownBy(() -> open(store()))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("pid=" + holder);
  }

  private static SqliteJournal open(Path store) {
    return SqliteJournal.open(
        store, Durability.EPHEMERAL, InstantSource.system(), Optional.empty());
  }

  private Path store() {
    return folder.resolve("runs.db");
  }

  private Path lock() {
    return folder.resolve("runs.db.lock");
  }
}

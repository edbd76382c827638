package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.journal.StoreFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreFileTest {
  @TempDir Path folder;

  @Test
  void aMissingFolderIsNamedWithTheCommandThatMakesIt() {
    Path store = folder.resolve("missing").resolve("runs.db");

    assertThatThrownBy(() -> open(store))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining(store.toString())
        .hasMessageContaining("mkdir -p " + store.getParent());
  }

  @Test
  void aFolderIsNoStore() {
    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining(folder + " is a folder")
        .hasMessageContaining("holdfast.db");
  }

  @Test
  void aQuestionMarkInThePathIsRefused() {
    assertThatThrownBy(() -> open(folder.resolve("what?.db")))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("'?'");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void pathsWithBlanksAndOtherSignsWork() {
    open(folder.resolve("a b#%20'é.db")).close();

    assertThat(folder.resolve("a b#%20'é.db")).exists();
  }

  @Test
  void aRelativePathIsTakenFromTheWorkingFolder() {
    StoreFile file = StoreFile.of(Path.of("some.db"));

    assertThat(file.path()).isEqualTo(Path.of("some.db").toAbsolutePath());
    assertThat(file.lock()).isEqualTo(file.path().resolveSibling("some.db.lock"));
  }

  @Test
  void everyFileIsForItsOwnerAlone() throws IOException {
    assumeThat(Files.getFileStore(folder).supportsFileAttributeView("posix"))
        .as("file permissions as POSIX knows them")
        .isTrue();
    Path store = folder.resolve("runs.db");

    try (var journal = open(store)) {
      for (String suffix : List.of("", "-wal", "-shm", ".lock")) {
        Path file = Path.of(journal.location() + suffix);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .isEqualTo("rw-------");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nfs", "NFS4", "cifs", "smb3", "fuse.sshfs", "afpfs"})
  void networkFileSystemsAreKnown(String type) {
    assertThat(StoreFile.isNetwork(type)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "apfs", "NTFS"})
  void localFileSystemsAreUsed(String type) {
    assertThat(StoreFile.isNetwork(type)).isFalse();
  }

  private static SqliteJournal open(Path store) {
    return SqliteJournal.open(
        store, Durability.EPHEMERAL, InstantSource.system(), Optional.empty());
  }
}

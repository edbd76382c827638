package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.StoreFailed;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HoldfastFileTest {
  @TempDir Path folder;

  @Test
  void aSecondExecutorIsRefusedAndToldWhatToDo() {
    try (var holdfast = Holdfast.open(store())) {
      assertThat(holdfast.engine()).isNotNull();
      assertThatThrownBy(() -> Holdfast.open(store()))
          .isInstanceOf(StoreFailed.class)
          .hasMessageContaining("pid=" + ProcessHandle.current().pid())
          .hasMessageContaining("Holdfast.client(path)");
    }
  }

  @Test
  void clientsAndReadersMakeNoStore() {
    assertThatThrownBy(() -> Holdfast.client(store()))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("There is no store at");
    assertThatThrownBy(() -> Holdfast.reader(store())).isInstanceOf(StoreFailed.class);
    assertThat(store()).doesNotExist();
  }

  private Path store() {
    return folder.resolve("runs.db");
  }
}

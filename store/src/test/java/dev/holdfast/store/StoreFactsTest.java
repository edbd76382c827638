package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.StoreFailed;
import dev.holdfast.testing.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreFactsTest {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  /** A process that has a store open until it is killed. */
  static final class Executor {
    private Executor() {}

    public static void main(String[] arguments) throws InterruptedException {
      ChildJvm.endWithParent();
      try (var holdfast = Holdfast.open(Path.of(arguments[0]))) {
        System.out.println("open " + holdfast.engine().getClass().getSimpleName());
        Thread.sleep(DEADLINE);
      }
    }
  }

  @TempDir private Path directory;

  @Test
  void tellsSizeAndVersionOfAStoreThatNobodyExecutes() throws Exception {
    Holdfast.open(store()).close();
    StoreFacts.OfFile facts = StoreFacts.of(store());
    assertThat(facts.path()).isEqualTo(store().toRealPath());
    assertThat(facts.bytes()).isEqualTo(Files.size(store())).isPositive();
    assertThat(facts.schemaVersion()).isEqualTo(facts.schemaVersionMax());
    assertThat(facts.holder()).isEmpty();
  }

  @Test
  void namesTheProcessThatExecutesItAndLeavesItTheRight() {
    Holdfast.open(store()).close();
    try (var child = ChildJvm.start(Executor.class, List.of(store().toString()))) {
      child.awaitLine("open ", DEADLINE);
      String pid = "pid=" + child.pid() + " ";
      assertThat(StoreFacts.of(store()).holder().orElseThrow()).startsWith(pid);
      assertThatThrownBy(() -> Holdfast.open(store()).close())
          .isInstanceOf(StoreFailed.class)
          .hasMessageContaining(pid);
      child.kill();
    }
    assertThat(StoreFacts.of(store()).holder()).isEmpty();
    Holdfast.open(store()).close();
  }

  @Test
  void namesThisProcessWithoutTakingItsRight() {
    try (var holdfast = Holdfast.open(store())) {
      String pid = "pid=" + ProcessHandle.current().pid();
      assertThat(StoreFacts.of(store()).holder().orElseThrow()).startsWith(pid);
      try (var child = ChildJvm.start(Executor.class, List.of(store().toString()))) {
        assertThat(child.awaitEnd(DEADLINE)).isNotZero();
        assertThat(child.lines()).anySatisfy(line -> assertThat(line).contains(pid));
      }
      assertThat(holdfast.engine()).isNotNull();
    }
  }

  @Test
  void refusesAFileThatIsNoStore() throws Exception {
    assertThatThrownBy(() -> StoreFacts.of(store()))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("There is no store at");
    Files.writeString(store(), "words, many words, but no database at all");
    assertThatThrownBy(() -> StoreFacts.of(store()))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining(store().getFileName().toString());
  }

  private Path store() {
    return directory.resolve("holdfast.db");
  }
}

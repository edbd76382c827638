package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteErrorCode;

/** A disk that is full, a file that is locked, a flush that fails: told, and survived. */
class StoreFaultsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int STEPS = 4;

  @TempDir private Path folder;

  /** How often each key was seen by the target. */
  private final Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();

  private volatile CountDownLatch gate = new CountDownLatch(0);

  private final FaultyConnection connection = new FaultyConnection();

  private final Workflow<String, Integer> workflow =
      Workflow.of("fill", String.class, Integer.class)
          .body((run, text) -> {
            int characters = 0;
            for (int i = 0; i < STEPS; i++) {
              Effect<String, String> keyed =
                  Effect.keyed(
                      String.class,
                      (key, input) -> {
                        gate.await();
                        seen.computeIfAbsent(key.text(), unused -> new AtomicInteger())
                            .incrementAndGet();
                        return input + "!";
                      });
              characters += run.effect("keep", text, keyed).length();
            }
            return characters;
          });

  private final Workflow<String, String> waiting =
      Workflow.of("wait", String.class, String.class)
          .body((run, name) ->
              run.awaitSignal(name, String.class, Duration.ofDays(1)).orElse("nothing"));

  private Path file() {
    return folder.resolve("runs.db");
  }

  private Engine engine() {
    SqliteJournal journal =
        SqliteJournal.open(
            file(),
            Durability.PROCESS_CRASH,
            InstantSource.system(),
            java.util.Optional.empty(),
            connection::over);
    Engine engine = Engine.over(journal, JsonCodec.standard(), Settings.standard());
    engine.register(workflow, waiting);
    return engine;
  }

  private void allHappenedOnce(int runs) {
    assertThat(seen).hasSize(runs * STEPS);
    assertThat(seen.values()).allSatisfy(count -> assertThat(count).hasValue(1));
  }

  private void hasNoGaps(Engine engine, String id) {
    try (JournalReader reader = Holdfast.reader(file())) {
      List<Recorded> entries = reader.entries(new RunId(id), 0, 1_000);
      assertThat(entries)
          .extracting(Recorded::sequence)
          .containsExactlyElementsOf(LongStream.range(0, entries.size()).boxed().toList());
      assertThat(engine.activity().isClaiming()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SQLITE_FULL", "SQLITE_BUSY"})
  void aCommitOfUnknownOutcomeIsLookedForAndNeverWrittenTwice(SQLiteErrorCode code) {
    try (Engine engine = engine()) {
      connection.fail(number ->
          number % 3 == 0
              ? Optional.empty()
              : Optional.of(new FaultyConnection.Fault(code, number % 3 == 1)));
      for (int i = 0; i < 4; i++) {
        Handle<Integer> handle = started(engine, "r" + i);
        assertThat(handle.await(PATIENCE)).isEqualTo(new Outcome.Completed<>(STEPS * 3));
        hasNoGaps(engine, "r" + i);
      }
      connection.fail(number -> Optional.empty());
      allHappenedOnce(4);
    }
  }

  /** Starts are refused while nothing can be written, so a caller asks again. */
  private Handle<Integer> started(Engine engine, String id) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptionsMatching(StoreFailed.Unavailable.class::isInstance)
        .until(() -> engine.start(workflow, id, "in"), handle -> true);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMessageWhoseCommitFailedIsThereOrWasRefused(boolean wentThrough) {
    try (Engine engine = engine()) {
      engine.start(waiting, "w", "go");
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () -> engine.client().find("w", String.class).outcome(), StoreFaultsTest::isParked);
      connection.failNext(SQLiteErrorCode.SQLITE_FULL, wentThrough);
      if (wentThrough) {
        engine.client().signal("w", "go", "m", "told", "test");
      } else {
        assertThatThrownBy(() -> engine.client().signal("w", "go", "m", "told", "test"))
            .isInstanceOf(StoreFailed.Unavailable.class)
            .hasMessageContainingAll("the disk is full. Free some space", "ask again later");
        Awaitility.await().atMost(PATIENCE).until(() -> engine.activity().paused().isEmpty());
        engine.client().signal("w", "go", "m", "told", "test");
      }
      assertThat(engine.find("w", String.class).await(PATIENCE))
          .isEqualTo(new Outcome.Completed<>("told"));
    }
  }

  private static boolean isParked(Outcome<String> outcome) {
    return outcome instanceof Outcome.Waiting<String> told && told.toString().contains("ignal");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFlushThatFailsEndsThisOpeningForGood(boolean wentThrough) {
    try (Engine engine = engine()) {
      engine.start(waiting, "w", "go");
      connection.failNext(SQLiteErrorCode.SQLITE_IOERR_FSYNC, wentThrough);
      assertThatThrownBy(() -> engine.start(workflow, "r", "in"))
          .isExactlyInstanceOf(StoreFailed.class)
          .hasMessageContainingAll(
              "SQLITE_IOERR_FSYNC", "may or may not be kept", "restart the process");
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> engine.start(workflow, "other", "in"))
            .isExactlyInstanceOf(StoreFailed.class)
            .hasMessageContaining("takes nothing more");
        assertThatThrownBy(() -> engine.client().find("w", String.class))
            .isExactlyInstanceOf(StoreFailed.class);
        assertThatThrownBy(() -> engine.client().signal("w", "go", "m", "x", "test"))
            .isExactlyInstanceOf(StoreFailed.class);
      }
      Awaitility.await().atMost(PATIENCE).until(() -> !engine.activity().isClaiming());
    }
    try (Engine again = engine()) {
      assertThat(again.start(workflow, "r", "in").await(PATIENCE))
          .isEqualTo(new Outcome.Completed<>(STEPS * 3));
      again.client().signal("w", "go", "m", "told", "test");
      assertThat(again.find("w", String.class).await(PATIENCE))
          .isEqualTo(new Outcome.Completed<>("told"));
    }
    allHappenedOnce(1);
  }

  @Test
  void runsOnAFullDiskWaitAndGoOnByThemselves() throws SQLException {
    String text = "x".repeat(40_000);
    int runs = 6;
    try (Engine engine = engine()) {
      gate = new CountDownLatch(1);
      List<Handle<Integer>> handles = new ArrayList<>();
      IntStream.range(0, runs).forEach(i -> handles.add(engine.start(workflow, "r" + i, text + i)));
      connection.room(20);
      gate.countDown();
      Awaitility.await().atMost(PATIENCE).until(() -> engine.activity().paused().isPresent());
      assertThat(engine.activity().paused().orElseThrow())
          .contains("the disk is full. Free some space", "SQLITE_FULL", "go on by themselves");
      assertThatThrownBy(() -> engine.start(workflow, "late", text))
          .isInstanceOf(StoreFailed.Unavailable.class);
      assertThat(engine.find("r0", Integer.class).id()).isEqualTo(new RunId("r0"));
      try (JournalReader reader = Holdfast.reader(file())) {
        assertThat(reader.find(new RunId("late"))).isEmpty();
        assertThat(reader.runs(Set.of(Status.QUARANTINED, Status.FAILED), 0, 10)).isEmpty();
      }
      assertThat(engine.activity().isClaiming()).isTrue();
      connection.room(100_000);
      for (Handle<Integer> handle : handles) {
        assertThat(handle.await(PATIENCE))
            .isEqualTo(new Outcome.Completed<>(STEPS * (text.length() + 2)));
      }
      assertThat(engine.activity().paused()).isEmpty();
    }
    allHappenedOnce(runs);
  }

  @Test
  void aStoreThatIsClosedOnAFullDiskLosesNothing() throws SQLException {
    String text = "x".repeat(100_000);
    try (Engine engine = engine()) {
      connection.room(30);
      engine.start(workflow, "r", text);
      Awaitility.await().atMost(PATIENCE).until(() -> engine.activity().paused().isPresent());
      engine.close(Duration.ofMillis(100));
    }
    connection.unlimit();
    try (Engine again = engine()) {
      assertThat(again.find("r", Integer.class).await(PATIENCE))
          .isEqualTo(new Outcome.Completed<>(STEPS * (text.length() + 1)));
    }
    assertThat(seen).hasSize(STEPS);
  }
}

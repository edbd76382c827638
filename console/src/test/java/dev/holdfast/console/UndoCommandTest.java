package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Undoing a run from the command line. */
class UndoCommandTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;
  private final List<String> cancelled = Collections.synchronizedList(new ArrayList<>());

  private final Workflow<String, String> booking =
      Workflow.of("booking", String.class, String.class)
          .undo("cancel", String.class, String.class, (key, what, booked) -> cancelled.add(what))
          .body((run, what) -> {
            run.effect("mail", what, Effect.keyed(String.class, (key, in) -> "sent"));
            return run.effect(
                "book",
                what,
                Effect.<String, String>keyed(String.class, (key, in) -> "B-" + in).undo("cancel"));
          });

  private Invocation run(String... arguments) {
    return Invocation.of(directory, arguments);
  }

  @Test
  void aCompletedRunIsUndoneAndWhatIsLeftIsTold() {
    Path store = directory.resolve("holdfast.db");
    try (var holdfast = Holdfast.open(store)) {
      holdfast.register(booking);
      holdfast.start(booking, "trip-1", "hotel").run(PATIENCE);
    }

    Invocation ordered = run("cancel", "trip-1", "--undo", "--why", "ill", "--who", "ada");
    assertThat(ordered.code()).isZero();
    assertThat(ordered.out()).contains("ada told run 'trip-1' to end and to undo what it did");
    assertThat(run("cancel", "trip-1", "--undo", "--why", "again").err())
        .contains("told to end already, by ada");

    try (var holdfast = Holdfast.open(store)) {
      holdfast.register(booking);
      var handle = holdfast.find("trip-1", String.class);
      await().atMost(PATIENCE).until(() -> handle.outcome() instanceof Outcome.Compensated);
    }
    assertThat(cancelled).containsExactly("hotel");
    assertThat(run("show", "trip-1").out())
        .contains("is rolled back by ada: ill", "undone: 1 effect", "left as it is: mail");
    assertThat(run("cancel", "trip-1", "--undo", "--why", "again").err())
        .contains("What it did is undone already");
  }
}

package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs that wait hold no thread and no slot, and leave nothing behind on a thread. */
class ManyWaitingTest {
  private static final int RUNS = 2_000;
  private final Stage stage = Stage.standing();
  private final Counting scheduler = new Counting(Settings.standard().scheduler());

  @AfterEach
  void close() {
    stage.close();
  }

  /** Counts the threads that are at work, and what current run each one ends with. */
  private static final class Counting implements Scheduler {
    private final Scheduler inner;
    private final AtomicInteger working = new AtomicInteger();
    private final ConcurrentLinkedQueue<Optional<Run>> left = new ConcurrentLinkedQueue<>();

    Counting(Scheduler inner) {
      this.inner = inner;
    }

    private Runnable counted(Runnable work) {
      return () -> {
        working.incrementAndGet();
        try {
          work.run();
        } finally {
          left.add(Run.current());
          working.decrementAndGet();
        }
      };
    }

    @Override
    public Thread start(String name, Runnable root) {
      return inner.start(name, counted(root));
    }

    @Override
    public void branches(String name, List<Runnable> branches) {
      inner.branches(name, branches.stream().map(this::counted).toList());
    }

    @Override
    public <T> T await(CompletableFuture<T> future) {
      return inner.await(future);
    }
  }

  private static String waits(Run run) {
    return run.awaitSignal("go", String.class, Duration.ofDays(1)).orElse("none");
  }

  private static Workflow<String, String> workflow() {
    return Workflow.of("w", String.class, String.class)
        .body((run, input) ->
            String.join(
                "|",
                run.parallel(
                    "two",
                    List.of(
                        new Run.Branch<>("l", ManyWaitingTest::waits),
                        new Run.Branch<>("r", r -> r.scope("in", ManyWaitingTest::waits))))));
  }

  @Test
  void twoThousandRunsWaitWithoutAThreadAndWithOneSlot() {
    stage.limits(limits -> limits.runsMax(1)).settings(all -> all.scheduler(scheduler));
    Workflow<String, String> workflow = workflow();
    Engine engine = stage.open(workflow);
    List<Handle<String>> handles = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      handles.add(engine.start(workflow, "r-" + i, "in"));
    }
    handles.forEach(stage::parked);
    Awaitility.await().untilAsserted(() -> assertThat(scheduler.working).hasValue(0));
    assertThat(scheduler.left).hasSizeGreaterThanOrEqualTo(3 * RUNS).allMatch(Optional::isEmpty);

    Handle<String> last = handles.getLast();
    engine.client().signal(last.id().text(), "go", "1", "a", "ann");
    engine.client().signal(last.id().text(), "go", "2", "a", "ann");

    assertThat(stage.settled(last)).isEqualTo(new Outcome.Completed<>("a|a"));
    assertThat(handles.getFirst().outcome()).isInstanceOf(Outcome.Waiting.class);
  }
}

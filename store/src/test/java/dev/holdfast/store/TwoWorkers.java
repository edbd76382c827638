package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Limits;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** What the tests of several workers on one database are written with. */
abstract class TwoWorkers {
  /** Less than a lease: what is done by then was handed over and not waited for. */
  static final Duration DEADLINE = Duration.ofSeconds(12);

  final TestStore store = TestStore.Kind.POSTGRES.made(Path.of(""));
  final Set<String> executedOn = ConcurrentHashMap.newKeySet();
  private final CountDownLatch bothExecute = new CountDownLatch(2);
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    store.close();
  }

  final <T extends AutoCloseable> T closedLater(T each) {
    opened.add(each);
    return each;
  }

  final Client client() {
    return closedLater(store.client());
  }

  final Holdfast worker(Workflow<?, ?>... workflows) {
    return worker(Limits.DEFAULT, workflows);
  }

  final Holdfast worker(Limits limits, Workflow<?, ?>... workflows) {
    Settings settings = Settings.standard().limits(limits);
    Holdfast worker = closedLater(store.open(TestStore.FAST.settings(settings)));
    worker.register(workflows);
    return worker;
  }

  /** A workflow whose runs end once two workers execute one each. */
  final Workflow<String, String> meeting(String worker) {
    return Workflow.of("meeting", String.class, String.class)
        .body((run, input) -> {
          executedOn.add(worker);
          bothExecute.countDown();
          waitFor(bothExecute);
          return input + " on " + worker;
        });
  }

  static void waitFor(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)).as("came").isTrue();
  }

  /** Does it that often at the same time; what each answered, in order. */
  static <T> List<T> atOnce(int count, IntFunction<Callable<T>> work) throws Exception {
    var go = new CountDownLatch(1);
    List<CompletableFuture<T>> futures =
        IntStream.range(0, count).mapToObj(i -> begun(go, work.apply(i))).toList();
    go.countDown();
    var answers = new ArrayList<T>();
    for (CompletableFuture<T> future : futures) {
      answers.add(future.get(30, TimeUnit.SECONDS));
    }
    return answers;
  }

  private static <T> CompletableFuture<T> begun(CountDownLatch go, Callable<T> work) {
    var answer = new CompletableFuture<T>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            waitFor(go);
            answer.complete(work.call());
          } catch (Exception | AssertionError failure) {
            answer.completeExceptionally(failure);
          }
        });
    return answer;
  }
}

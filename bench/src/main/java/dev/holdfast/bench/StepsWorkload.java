package dev.holdfast.bench;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Many short runs at once on a fresh store: ten reads of 200 bytes each. */
final class StepsWorkload implements AutoCloseable {
  static final String STEP = "read";
  private static final int STEPS = 10;
  private static final int RUNS_AT_ONCE = 64;
  private static final int ANSWER_CHARACTERS = 200;
  private static final int ANSWERS = 1_024;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<String> RANDOM = randomTexts();

  /**
   * What was measured.
   *
   * @param batch journal rows per commit
   * @param unfinished runs that did not complete
   */
  record Measured(double stepsPerSecond, double batch, int unfinished) {}

  private final OpenStore store;
  private final Holdfast holdfast;
  private final Workflow<Integer, Integer> workflow;
  private final AtomicInteger started = new AtomicInteger();

  /** Uses that store, until it is closed, for reads that are cheap or each durable at once. */
  StepsWorkload(OpenStore store, boolean isCheap) {
    this.store = store;
    holdfast = store.holdfast();
    Effect<Integer, String> read = Effect.read(String.class, StepsWorkload::answer);
    workflow = workflow(isCheap ? read.cheap() : read);
    holdfast.register(workflow);
  }

  private static List<String> randomTexts() {
    var random = new SplittableRandom(1);
    return Stream.generate(() -> randomText(random, ANSWER_CHARACTERS)).limit(ANSWERS).toList();
  }

  private static String randomText(SplittableRandom random, int characters) {
    var text = new StringBuilder();
    random.ints(characters, ' ', 0x7f).forEach(c -> text.append((char) c));
    return text.toString();
  }

  /** A text of 200 random characters. */
  static String answer(int number) {
    return RANDOM.get(number % ANSWERS);
  }

  /** A text of 2,048 random characters, another for each number. */
  static String turn(int number) {
    return randomText(new SplittableRandom(number), Peer.TURN_CHARACTERS);
  }

  private static Workflow<Integer, Integer> workflow(Effect<Integer, String> read) {
    return Workflow.of("steps", Integer.class, Integer.class)
        .body((run, seed) -> {
          int characters = 0;
          for (int i = 0; i < STEPS; i++) {
            characters += run.effect(STEP, seed + i, read).length();
          }
          return characters;
        });
  }

  /** Runs for that long, 64 runs at once. */
  Measured measure(Duration length) throws InterruptedException {
    var unfinished = new AtomicInteger();
    int startedBefore = started.get();
    long commitsBefore = holdfast.commits();
    long began = System.nanoTime();
    long end = began + length.toNanos();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < RUNS_AT_ONCE; i++) {
      clients.add(Thread.ofVirtual().name("client-" + i).start(() -> runUntil(end, unfinished)));
    }
    for (Thread client : clients) {
      client.join();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    long commits = Math.max(1, holdfast.commits() - commitsBefore);
    int runs = started.get() - startedBefore;
    int finished = runs - unfinished.get();
    return new Measured(
        finished * STEPS / seconds,
        (double) store.rows().applyAsLong(runs) / commits,
        unfinished.get());
  }

  private void runUntil(long end, AtomicInteger unfinished) {
    while (System.nanoTime() < end) {
      int number = started.getAndIncrement();
      Outcome<Integer> outcome = holdfast.start(workflow, "run-" + number, number).await(PATIENCE);
      if (!(outcome instanceof Outcome.Completed<Integer> completed)
          || completed.result() != STEPS * ANSWER_CHARACTERS) {
        unfinished.incrementAndGet();
      }
    }
  }

  @Override
  public void close() {
    holdfast.close();
  }
}

package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs that are let in through a queue, later, or once for several starts. */
class QueueTest {
  private static final Admission THROUGH = Admission.throughQueue("q");
  private final Stage stage = Stage.standing();
  private final Gate gate = new Gate();

  private final Workflow<String, String> paying =
      Workflow.of("w", String.class, String.class)
          .body((run, order) ->
              gate.within(() -> run.effect("pay", order, stage.world.effect(Contract.KEYED))));

  private final Workflow<String, String> waiting =
      Workflow.of("waiting", String.class, String.class)
          .body((run, order) -> run.awaitSignal("go", String.class, Duration.ofDays(1)).orElse(""));

  @AfterEach
  void close() {
    stage.close();
  }

  private Engine open(Queue queue) {
    Engine engine = stage.open(paying, waiting);
    engine.register(queue);
    return engine;
  }

  private static <O> List<Handle<O>> startMany(
      Engine engine, Workflow<String, O> workflow, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> engine.start(workflow, "r-" + i, "order " + i, THROUGH))
        .toList();
  }

  @Test
  void noMoreBodiesExecuteAtTheSameTimeThanTheQueueAllows() {
    Engine engine = open(Queue.of("q").concurrencyMax(3));

    for (Handle<String> handle : startMany(engine, paying, 60)) {
      assertThat(stage.settled(handle)).isInstanceOf(Outcome.Completed.class);
    }

    assertThat(gate.most()).isBetween(2, 3);
    assertThat(gate.entered()).isEqualTo(60);
  }

  @Test
  void withoutAQueueTheyDoNotWaitForEachOther() {
    Engine engine = open(Queue.of("q"));
    var handles =
        IntStream.range(0, 30)
            .mapToObj(i -> engine.start(paying, "r-" + i, "order " + i, Admission.AT_ONCE))
            .toList();

    handles.forEach(stage::settled);

    assertThat(gate.most()).isGreaterThan(1);
  }

  @Test
  void runsExecuteInTheOrderOfTheirStarts() {
    var order = new ConcurrentLinkedQueue<String>();
    var noting =
        Workflow.of("noting", String.class, String.class)
            .body((run, input) -> {
              order.add(input);
              return input;
            });
    Engine engine = stage.open(noting);
    engine.register(Queue.of("q"));

    startMany(engine, noting, 30).forEach(stage::settled);

    assertThat(order)
        .containsExactlyElementsOf(IntStream.range(0, 30).mapToObj(i -> "order " + i).toList());
  }

  @Test
  void aRunThatWaitsLetsTheNextOneIn() {
    Engine engine = open(Queue.of("q"));
    Handle<String> first = engine.start(waiting, "first", "", THROUGH);
    stage.parked(first);

    Handle<String> second = engine.start(paying, "second", "order", THROUGH);
    assertThat(stage.settled(second)).isInstanceOf(Outcome.Completed.class);
    engine.client().signal("first", "go", "1", "now", "ann");

    assertThat(stage.settled(first)).isEqualTo(new Outcome.Completed<>("now"));
  }

  @Test
  void aFullQueueRefusesWithItsFigures() {
    Engine engine = stage.open();
    engine.register(waiting);
    engine.register(Queue.of("q").waitingMax(2));
    var nobody = client();
    nobody.start(paying, "a", "order", THROUGH);
    nobody.start(paying, "b", "order", THROUGH);

    assertThatThrownBy(() -> nobody.start(paying, "c", "order", THROUGH))
        .isInstanceOf(RunException.QueueFull.class)
        .hasMessage(
            "Run c was not started: queue 'q' has 2 runs waiting, 2 are allowed. Try again later,"
                + " or raise waitingMax.");

    assertThat(stage.journal().find(new RunId("c"))).isEmpty();
    engine.register(paying);
    assertThat(stage.settled(engine.find("b", String.class))).isInstanceOf(Outcome.Completed.class);
    assertThat(stage.settled(nobody.start(paying, "c", "order", THROUGH)))
        .isInstanceOf(Outcome.Completed.class);
  }

  private Client client() {
    return Client.over(
        stage.journal(), JsonCodec.standard(), Settings.standard().clock(stage.clock));
  }

  @Test
  void aQueueThatNobodyRegisteredIsNamed() {
    Engine engine = open(Queue.of("q"));

    assertThatThrownBy(() -> engine.start(paying, "a", "order", Admission.throughQueue("mial")))
        .isInstanceOf(RunException.QueueUnknown.class)
        .hasMessageContaining("there is no queue 'mial' in memory")
        .hasMessageContaining("Register it");
    assertThat(stage.journal().find(new RunId("a"))).isEmpty();
  }

  @Test
  void aSecondStartWithTheDeduplicationIdIsTheFirstRun() {
    Engine engine = open(Queue.of("q"));
    var once = THROUGH.deduplicated("order 17");

    Handle<String> first = engine.start(paying, "first", "order", once);
    Handle<String> second = engine.start(paying, "second", "order", once);

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(stage.settled(second)).isEqualTo(stage.settled(first));
    assertThat(engine.start(paying, "third", "order", once).id()).isEqualTo(first.id());
    assertThat(stage.world.happened("order")).isEqualTo(1);
  }

  @Test
  void aDuplicateWithOtherWorkOrInputIsRefusedAndNamesTheFirstRun() {
    Engine engine = open(Queue.of("q"));
    var once = THROUGH.deduplicated("order 17");
    engine.start(paying, "first", "order", once);

    assertThatThrownBy(() -> engine.start(paying, "second", "another", once))
        .isInstanceOf(RunException.RunConflict.class)
        .hasMessageContaining("Run first was started with")
        .hasMessageContaining("another");
    assertThatThrownBy(() -> engine.start(waiting, "second", "order", once))
        .isInstanceOf(RunException.RunConflict.class)
        .hasMessageContaining("Run first executes workflow 'w', not 'waiting'");
  }

  @Test
  void howARunIsLetInIsNoPartOfWhatItIs() {
    Engine engine = open(Queue.of("q"));
    stage.settled(engine.start(paying, "r", "order", THROUGH));

    assertThat(engine.start(paying, "r", "order").id()).isEqualTo(new RunId("r"));
    assertThat(engine.start(paying, "r", "order", Admission.inSession("s")).outcome())
        .isInstanceOf(Outcome.Completed.class);
  }

  @Test
  void aDelayedRunNeverExecutesEarly() throws Exception {
    Engine engine = open(Queue.of("q"));
    Handle<String> handle =
        engine.start(paying, "r", "order", THROUGH.after(Duration.ofMinutes(10)));
    Handle<String> free =
        engine.start(paying, "f", "free", Admission.AT_ONCE.after(Duration.ofMinutes(10)));

    stage.clock.advance(Duration.ofMinutes(10).minusNanos(1));
    Thread.sleep(150);
    assertThat(gate.entered()).isZero();
    assertThat(handle.outcome())
        .isEqualTo(new Outcome.Waiting<String>(Outcome.Why.QUEUED, List.of()));
    stage.clock.advance(Duration.ofNanos(1));

    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Completed.class);
    assertThat(stage.settled(free)).isInstanceOf(Outcome.Completed.class);
  }

  @Test
  void aDelayedRunCanBeCancelledBeforeItsTime() {
    Engine engine = open(Queue.of("q"));
    Handle<String> handle = engine.start(paying, "r", "order", THROUGH.after(Duration.ofDays(10)));

    engine.client().cancel("r", "ann", "changed her mind");

    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Cancelled.class);
    assertThat(gate.entered()).isZero();
  }

  @Test
  void aRunThatWaitsLongInABusyQueueIsQueuedAndNotForgotten() {
    Engine engine = open(Queue.of("q"));
    var claimed = new CountDownLatch(1);
    var over = new CountDownLatch(1);
    var busy =
        Workflow.of("busy", String.class, String.class)
            .body((run, input) -> {
              claimed.countDown();
              over.await();
              return input;
            });
    engine.register(busy);
    Handle<String> first = engine.start(busy, "first", "", THROUGH);
    Handle<String> second = engine.start(paying, "second", "order", THROUGH);
    await().until(() -> claimed.getCount() == 0);

    stage.clock.advance(Duration.ofMinutes(5));
    assertThat(second.outcome())
        .isEqualTo(new Outcome.Waiting<String>(Outcome.Why.QUEUED, List.of()));
    over.countDown();

    assertThat(stage.settled(first)).isInstanceOf(Outcome.Completed.class);
    assertThat(stage.settled(second)).isInstanceOf(Outcome.Completed.class);
  }

  @Test
  void boundsAreCheckedWithTheirFigures() {
    assertThatThrownBy(() -> Queue.of("q").concurrencyMax(0))
        .hasMessage("concurrencyMax must be 1 to 100,000, is 0.");
    assertThatThrownBy(() -> Queue.of(" ")).hasMessageContaining("The queue's name cannot");
    assertThatThrownBy(() -> Admission.AT_ONCE.after(Duration.ofDays(400)))
        .hasMessageContaining("delay must be");
    assertThatThrownBy(() -> Admission.AT_ONCE.deduplicated("x"))
        .hasMessageContaining("Name the queue");
    assertThatThrownBy(() -> Admission.inSession(""))
        .hasMessageContaining("The session's key cannot");
  }
}

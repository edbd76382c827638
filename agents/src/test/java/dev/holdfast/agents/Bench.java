package dev.holdfast.agents;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Limits;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RetryPolicy;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.testing.InMemoryJournal;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** One store in memory and the engine of the process that has it open. */
final class Bench implements AutoCloseable {
  static final Duration DEADLINE = Duration.ofSeconds(20);

  private final InMemoryJournal.Storage storage = new InMemoryJournal.Storage();
  private InMemoryJournal journal;
  private Engine engine;

  Bench() {
    this(FaultPoints.NONE);
  }

  Bench(FaultPoints faults) {
    journal = new InMemoryJournal(storage);
    engine = engine(faults);
  }

  private Engine engine(FaultPoints faults) {
    var retry = RetryPolicy.DEFAULT.delays(Duration.ofMillis(1), Duration.ofMillis(5));
    return Engine.over(
        journal,
        JsonCodec.standard(),
        Settings.standard().worker("test").limits(Limits.DEFAULT.retry(retry)).faultPoints(faults));
  }

  Engine engine() {
    return engine;
  }

  /** Crashes the process, and opens the store in another one that knows these workflows. */
  void crashAndReopen(Workflow<?, ?>... workflows) {
    engine.crash();
    reopen(workflows);
  }

  /** Stops in good order, and opens the store again with these workflows. */
  void restart(Workflow<?, ?>... workflows) {
    engine.close();
    reopen(workflows);
  }

  private void reopen(Workflow<?, ?>... workflows) {
    journal = new InMemoryJournal(storage);
    engine = engine(FaultPoints.NONE);
    engine.register(workflows);
  }

  <I, O> Handle<O> start(Workflow<I, O> workflow, String id, I input) {
    engine.register(workflow);
    return engine.start(workflow, id, input);
  }

  <I, O> Outcome<O> run(Workflow<I, O> workflow, I input) {
    return start(workflow, "run-1", input).await(DEADLINE);
  }

  List<Recorded> entries(String id) {
    return journal.entries(new RunId(id), 0, 100_000);
  }

  <E extends Entry> List<E> entries(Class<E> type) {
    return entries("run-1").stream()
        .map(Recorded::entry)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  /** Everything that the journal keeps of a run, as text. */
  String journaled(String id) {
    return entries(id).stream()
        .map(recorded -> JsonCodec.standard().write(recorded.entry()))
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    engine.close();
  }
}

package dev.holdfast.bench;

import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Limits;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Settings;
import dev.holdfast.store.Durability;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Options;
import dev.holdfast.store.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The same agent on Holdfast, and a person who settles doubts by the post office's own count. */
final class AdoptionHeld implements AdoptionSide {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(2);

  /** A run's last boundary lies behind its durable end, which may be seen first. */
  private static final Duration GRACE = Duration.ofMillis(200);

  private static final int DOUBTS_MAX = 10;
  private static final int ENTRIES_MAX = 10_000;

  private final AdoptionBooks books = new AdoptionBooks();
  private final CrashTrap trap = new CrashTrap();
  private final AdoptionFiles memories;
  private final Path store;
  private AdoptionLife life;
  private Holdfast holdfast;
  private Service<AdoptionAgents.Desk> desk;

  AdoptionHeld(Path folder) {
    memories = new AdoptionFiles(folder.resolve("memory"));
    store = folder.resolve("runs.db");
    life = AdoptionLife.unharmed();
    holdfast = open();
    desk = register();
  }

  private Holdfast open() {
    Settings settings =
        Settings.standard().worker("bench").limits(Limits.DEFAULT.poisonAfter(0)).faultPoints(trap);
    return Holdfast.open(
        store, Options.standard().durability(Durability.PROCESS_CRASH).settings(settings));
  }

  private Service<AdoptionAgents.Desk> register() {
    var memory = new AdoptionMemory(memories, life);
    return holdfast.register(
        "desk", AdoptionAgents.Desk.class, AdoptionAgents.durable(life, books, memory));
  }

  @Override
  public AdoptionTurn settle(String order, Strike strike) throws InterruptedException {
    RunId run = new RunId("order-" + order);
    prepare(run, strike);
    AdoptionLife first = life;
    Handle<String> handle = start(run, order);
    boolean isCrashed = !(strike instanceof Strike.None) && awaitCrash(handle);
    int expected = 0;
    if (isCrashed) {
      crash();
      expected = OpenIntents.of(journal(run)).size();
      reopen(AdoptionLife.unharmed());
      handle = start(run, order);
    }
    int doubts = settleDoubts(run, order, handle);
    boolean isAnswered =
        handle.await(PATIENCE).equals(new Outcome.Completed<>(AdoptionModel.answer(order)));
    return new AdoptionTurn(isAnswered, isCrashed, 0, doubts, expected, first.touches());
  }

  /** A new process, so that it can die at a touch of its own, and a trap for what it passes. */
  private void prepare(RunId run, Strike strike) {
    holdfast.close();
    trap.watch(run);
    switch (strike) {
      case Strike.None none -> reopen(AdoptionLife.unharmed());
      case Strike.Touch touch -> reopen(AdoptionLife.heldAt(touch.number()));
      case Strike.Point point -> {
        trap.arm(run, point.point());
        reopen(AdoptionLife.unharmed());
      }
    }
  }

  private void reopen(AdoptionLife fresh) {
    life = fresh;
    holdfast = open();
    desk = register();
  }

  private Handle<String> start(RunId run, String order) {
    return desk.start(run.text(), each -> each.chat(CUSTOMER, AdoptionModel.question(order)));
  }

  private void crash() {
    life.end();
    holdfast.engine().crash();
  }

  /** Waits until the process stands at its end; false where the run ends without getting there. */
  private boolean awaitCrash(Handle<String> handle) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      if (trap.awaitArrival(LOOK) || life.isOver()) {
        return true;
      }
      if (!(handle.outcome() instanceof Outcome.Waiting<String>)) {
        return crashedAtTheEnd(handle.id());
      }
    }
    throw new IllegalStateException("Run %s neither ended nor crashed.".formatted(handle.id()));
  }

  private boolean crashedAtTheEnd(RunId run) throws InterruptedException {
    if (trap.awaitArrival(GRACE) || life.isOver()) {
      return true;
    }
    trap.watch(run);
    return false;
  }

  private int settleDoubts(RunId run, String order, Handle<String> handle) {
    int doubts = 0;
    while (handle.await(PATIENCE) instanceof Outcome.InDoubt<String> doubt && doubts < DOUBTS_MAX) {
      doubts += doubt.effects().size();
      doubt.effects().forEach(each -> settle(run, order, each.path()));
    }
    return doubts;
  }

  private void settle(RunId run, String order, StepPath path) {
    boolean happened = books.count(AdoptionBooks.letterOf(order)) > 0;
    Verdict verdict =
        happened
            ? new Verdict.Happened(holdfast.engine().client().encode(AdoptionTools.POSTED + order))
            : new Verdict.DidNotHappen();
    holdfast.settle(run.text(), path, verdict, "post-clerk", "the post office's own count");
  }

  private List<Recorded> journal(RunId run) {
    try (JournalReader reader = Holdfast.reader(store)) {
      return reader.entries(run, 0, ENTRIES_MAX);
    }
  }

  /** Every boundary of the runtime that the last undisturbed order passed. */
  List<CrashTrap.Point> boundaries() {
    return trap.seen();
  }

  @Override
  public AdoptionBooks books() {
    return books;
  }

  @Override
  public Map<String, List<String>> memory() {
    return AdoptionMemory.said(memories);
  }

  @Override
  public void close() {
    holdfast.close();
  }
}

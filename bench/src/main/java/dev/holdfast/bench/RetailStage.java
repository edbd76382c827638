package dev.holdfast.bench;

import dev.holdfast.examples.RetailBase;
import dev.holdfast.examples.RetailEpisode;
import dev.holdfast.examples.RetailEpisode.Ending;
import dev.holdfast.examples.RetailScript;
import dev.holdfast.examples.RetailShop;
import dev.holdfast.examples.RetailWorld;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Limits;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Settings;
import dev.holdfast.store.Durability;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Options;
import dev.holdfast.testing.RecordedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One store and one shop on which recorded conversations are played one after another, each as a
 * run of its own in a world of its own. For one thread.
 */
final class RetailStage implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int DOUBTS_MAX = 100;
  private static final int ENTRIES_MAX = 100_000;

  /**
   * How a conversation went.
   *
   * @param crashed whether the crash that was asked for struck
   * @param doubts effects that the runtime reported as in doubt
   * @param doubtsExpected effects whose outcome nobody could know after the crash
   * @param modelCalls how often the model was really called
   */
  record Played(
      Outcome<Ending> outcome, boolean crashed, int doubts, int doubtsExpected, int modelCalls) {}

  private final Path store;
  private final RetailShop shop;
  private final RetailEpisode episode;
  private final Map<String, RecordedModel> models = new HashMap<>();
  private final CrashTrap trap = new CrashTrap();
  private Holdfast holdfast;

  /** Stays open across crashes, so that the last one to close the file need not tidy it up. */
  private final JournalReader onlooker;

  RetailStage(Path folder, RetailBase base, List<RetailScript> scripts, RetailEpisode.Tools tools)
      throws IOException {
    Files.createDirectories(folder);
    store = folder.resolve("runs.db");
    shop = RetailShop.open(base, folder.resolve("shop.db"));
    for (RetailScript script : scripts) {
      models.put(script.id(), RecordedModel.of(script.replies()));
    }
    episode =
        new RetailEpisode(
            scripts,
            shop,
            tools,
            script -> Optional.ofNullable(models.get(script.id())).orElseThrow());
    holdfast = open();
    holdfast.register(episode);
    onlooker = Holdfast.reader(store);
  }

  private Holdfast open() {
    Settings settings =
        Settings.standard().worker("bench").limits(Limits.DEFAULT.poisonAfter(0)).faultPoints(trap);
    return Holdfast.open(
        store, Options.standard().durability(Durability.PROCESS_CRASH).settings(settings));
  }

  RetailWorld world(String id) {
    return shop.world(id);
  }

  /** Every boundary that the last undisturbed run passed, in order. */
  List<CrashTrap.Point> boundaries() {
    return trap.seen();
  }

  /** Plays it undisturbed. */
  Played play(RetailScript script, String run) {
    trap.watch(new RunId(run));
    int before = callsOf(script);
    Handle<Ending> handle = holdfast.start(episode, run, script.id());
    return finish(script, handle, before, false, 0);
  }

  /** Plays it, crashes at that point, opens the store again and lets the run go on to its end. */
  Played playWithCrash(RetailScript script, String run, CrashTrap.Point point)
      throws InterruptedException {
    trap.arm(new RunId(run), point);
    int before = callsOf(script);
    Handle<Ending> handle = holdfast.start(episode, run, script.id());
    if (!awaitCrash(handle)) {
      return finish(script, handle, before, false, 0);
    }
    holdfast.engine().crash();
    int expected = OpenIntents.of(journal(run)).size();
    holdfast = open();
    holdfast.register(episode);
    return finish(script, holdfast.find(run, Ending.class), before, true, expected);
  }

  /** Waits until the run stands at its point; false where it ends without getting there. */
  private boolean awaitCrash(Handle<Ending> handle) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      if (trap.awaitArrival(Duration.ofMillis(20))) {
        return true;
      }
      if (!(handle.outcome() instanceof Outcome.Waiting<Ending>)) {
        return trap.awaitArrival(Duration.ZERO);
      }
    }
    return false;
  }

  private Played finish(
      RetailScript script, Handle<Ending> handle, int before, boolean crashed, int expected) {
    int doubts = 0;
    Outcome<Ending> outcome = handle.await(PATIENCE);
    while (outcome instanceof Outcome.InDoubt<Ending> doubt && doubts < DOUBTS_MAX) {
      doubts += doubt.effects().size();
      doubt.effects().forEach(each -> settle(handle.id().text(), each.path()));
      outcome = awaitSettled(handle);
    }
    return new Played(outcome, crashed, doubts, expected, callsOf(script) - before);
  }

  private void settle(String run, StepPath path) {
    var person = new RetailPerson(world(run), journal(run), holdfast.engine().client()::encode);
    holdfast.settle(
        run, path, person.settle(path), RetailPerson.NAME, "the shop's own books say so");
  }

  private static Outcome<Ending> awaitSettled(Handle<Ending> handle) {
    return handle.await(PATIENCE);
  }

  private List<Recorded> journal(String run) {
    return onlooker.entries(new RunId(run), 0, ENTRIES_MAX);
  }

  private int callsOf(RetailScript script) {
    return Optional.ofNullable(models.get(script.id())).orElseThrow().calls();
  }

  @Override
  public void close() {
    onlooker.close();
    holdfast.close();
    shop.close();
  }
}

package dev.holdfast.bench;

import dev.holdfast.examples.RetailBase;
import dev.holdfast.examples.RetailEpisode;
import dev.holdfast.examples.RetailEpisode.Ending;
import dev.holdfast.examples.RetailScript;
import dev.holdfast.examples.RetailShop;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Limits;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Settings;
import dev.holdfast.store.Durability;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Options;
import dev.holdfast.testing.ChildJvm;
import dev.holdfast.testing.RecordedModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The process that plays all recorded runs, one at a time, and is killed while it does. */
final class RetailChild {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int ENTRIES_MAX = 100_000;
  private static final int RUNS_MAX = 100_000;

  private final KillFolder folder;
  private final RetailShop shop;
  private final Holdfast holdfast;

  private RetailChild(KillFolder folder, RetailShop shop, Holdfast holdfast) {
    this.folder = folder;
    this.shop = shop;
    this.holdfast = holdfast;
  }

  /**
   * A life of the child.
   *
   * @param arguments cases, world, tools, folder, kill order
   */
  public static void main(String[] arguments) {
    ChildJvm.endWithParent();
    List<RetailScript> scripts = RetailScript.read(Path.of(arguments[0]));
    RetailBase base = RetailBase.load(Path.of(arguments[1]));
    var tools = RetailEpisode.Tools.valueOf(arguments[2]);
    var folder = new KillFolder(Path.of(arguments[3]));
    var points = new KillPoints(KillOrder.parse(arguments[4]), stepsDone(folder), System.out);
    Settings settings =
        Settings.standard().limits(Limits.DEFAULT.runsMax(1).poisonAfter(0)).faultPoints(points);
    Options options = Options.standard().durability(Durability.PROCESS_CRASH).settings(settings);
    try (RetailShop shop = RetailShop.open(base, folder.shop());
        Holdfast holdfast = Holdfast.open(folder.store(), options)) {
      var episode =
          new RetailEpisode(scripts, shop, tools, script -> logged(script, scripts, folder));
      holdfast.register(episode);
      new RetailChild(folder, shop, holdfast).play(scripts, episode);
      points.ended();
    }
    System.out.println(KillOrder.DONE);
  }

  private static ChatModel logged(
      RetailScript script, List<RetailScript> scripts, KillFolder folder) {
    return new LoggedModel(
        RecordedModel.of(script.replies()),
        KillFolder.run(scripts.indexOf(script)),
        folder.models());
  }

  /** Has its provider note each call before it is answered. */
  private record LoggedModel(ChatModel model, String run, ModelLog log) implements ChatModel {
    @Override
    public ChatResponse doChat(ChatRequest request) {
      log.append(run, NaiveLoop.repliesIn(request));
      return model.doChat(request);
    }
  }

  private static int stepsDone(KillFolder folder) {
    if (!Files.exists(folder.store())) {
      return 0;
    }
    int steps = 0;
    try (JournalReader reader = Holdfast.reader(folder.store())) {
      for (RunState state : reader.runs(Set.of(), 0, RUNS_MAX)) {
        steps +=
            (int)
                reader.entries(state.id(), 0, ENTRIES_MAX).stream()
                    .filter(each -> isOutcome(each.entry()))
                    .count();
      }
    }
    return steps;
  }

  private static boolean isOutcome(Entry entry) {
    return entry instanceof Entry.StepAnswered || entry instanceof Entry.EffectSucceeded;
  }

  private void play(List<RetailScript> scripts, RetailEpisode episode) {
    List<Handle<Ending>> handles = new ArrayList<>();
    for (int i = 0; i < scripts.size(); i++) {
      handles.add(holdfast.start(episode, KillFolder.run(i), scripts.get(i).id()));
    }
    handles.forEach(this::await);
  }

  private void await(Handle<Ending> handle) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Outcome<Ending> outcome = handle.await(PATIENCE);
    while (outcome instanceof Outcome.InDoubt<Ending> doubt && System.nanoTime() < deadline) {
      doubt.effects().forEach(each -> settle(handle.id().text(), each.path()));
      outcome = handle.await(PATIENCE);
    }
  }

  private void settle(String run, StepPath path) {
    List<Recorded> journal;
    try (JournalReader reader = Holdfast.reader(folder.store())) {
      journal = reader.entries(new RunId(run), 0, ENTRIES_MAX);
    }
    var person = new RetailPerson(shop.world(run), journal, holdfast.engine().client()::encode);
    holdfast.settle(
        run, path, person.settle(path), RetailPerson.NAME, "the shop's own books say so");
  }
}

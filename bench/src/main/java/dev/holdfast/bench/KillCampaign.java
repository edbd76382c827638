package dev.holdfast.bench;

import dev.holdfast.examples.RetailBase;
import dev.holdfast.examples.RetailEpisode.Ending;
import dev.holdfast.examples.RetailScript;
import dev.holdfast.examples.RetailShop;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RunException;
import dev.holdfast.store.Holdfast;
import dev.holdfast.testing.ChildJvm;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Plays every recorded run in a child process that is killed again and again, at moments spread
 * over the whole campaign, and started again each time.
 */
final class KillCampaign {
  private static final Duration LIFE_MAX = Duration.ofMinutes(5);
  private static final int ENTRIES_MAX = 100_000;
  private static final int RUNS_MAX = 100_000;

  /** Kills strike up to so many boundaries behind a step, so that every kind of place is met. */
  private static final int BOUNDARIES_MAX = 12;

  private final RetailTally tally;
  private final RetailPlayer player;
  private final KillFolder folder;
  private final RetailBase base;
  private final List<RetailScript> scripts;
  private final Set<List<Object>> doubtful = new HashSet<>();
  private final Map<String, List<NaiveLoop.Crash>> strikes = new HashMap<>();
  private final SplittableRandom random = new SplittableRandom(4711);

  KillCampaign(RetailTally tally, KillFolder folder, RetailBase base, List<RetailScript> scripts) {
    this.tally = tally;
    this.player = new RetailPlayer(tally);
    this.folder = folder;
    this.base = base;
    this.scripts = List.copyOf(scripts);
  }

  /** Kills the child of those arguments so often, and lets the last one come to its end. */
  void play(Shell shell, List<String> arguments, int kills) throws IOException {
    try (RetailShop shop = RetailShop.open(base, folder.shop())) {
      try (Progress progress = shell.progress("kills", kills)) {
        for (int kill = 1; kill <= kills; kill++) {
          live(arguments, order(kill, kills));
          look(shop);
          progress.step();
        }
        live(arguments, KillOrder.NEVER);
      }
      judge(shop);
    }
  }

  /** Every other kill finds the child standing still, the others find it wherever it is by then. */
  private KillOrder order(int kill, int kills) {
    int steps = scripts.stream().mapToInt(RetailScript::steps).sum();
    return new KillOrder(
        (int) ((long) steps * kill / (kills + 1)), random.nextInt(BOUNDARIES_MAX), kill % 2 == 1);
  }

  private void live(List<String> arguments, KillOrder order) {
    List<String> all = new ArrayList<>(arguments);
    all.add(order.text());
    try (ChildJvm child = ChildJvm.start(RetailChild.class, all)) {
      String place = child.awaitLine(order.announcement(), LIFE_MAX);
      if (!order.equals(KillOrder.NEVER)) {
        child.kill();
        enterKill(place);
      } else if (child.awaitEnd(LIFE_MAX) != 0) {
        tally.broke("the last child must end in good order");
      }
    }
  }

  private void enterKill(String place) {
    tally.crashes.incrementAndGet();
    if (place.equals("tool")) {
      tally.crashPointsTool.incrementAndGet();
    } else if (place.equals("model")) {
      tally.crashPointsModel.incrementAndGet();
    }
  }

  /** Looks into the store and the shop while nobody executes anything. */
  private void look(RetailShop shop) throws IOException {
    Map<String, List<Integer>> asked = folder.models().read();
    try (JournalReader reader = Holdfast.reader(folder.store())) {
      for (RunState state : reader.runs(Set.of(Status.EXECUTING), 0, RUNS_MAX)) {
        String run = state.id().text();
        OpenIntents.of(entries(reader, run))
            .forEach((path, sequence) -> doubtful.add(List.of(run, path, sequence)));
        int replies = new HashSet<>(asked.getOrDefault(run, List.of())).size();
        long writes =
            shop.world(run).ledger().stream().map(row -> row.call().id()).distinct().count();
        strikes
            .computeIfAbsent(run, unused -> new ArrayList<>())
            .add(new NaiveLoop.Crash(replies, (int) writes));
      }
    }
  }

  private static List<Recorded> entries(JournalReader reader, String run) {
    return reader.entries(new RunId(run), 0, ENTRIES_MAX);
  }

  private void judge(RetailShop shop) throws IOException {
    Map<String, List<Integer>> asked = folder.models().read();
    try (Client client = Holdfast.client(folder.store());
        JournalReader reader = Holdfast.reader(folder.store())) {
      for (int i = 0; i < scripts.size(); i++) {
        RetailScript script = scripts.get(i);
        String run = KillFolder.run(i);
        judge(script, run, shop, client);
        enterModelCalls(script, asked.getOrDefault(run, List.of()), claims(reader, run));
        tally.doubts.addAndGet(OpenIntents.doubts(entries(reader, run)));
      }
    }
    tally.doubtsExpected.set(doubtful.size());
    tally.doubtsMissed.set(Math.max(0, doubtful.size() - tally.doubts.get()));
  }

  private void judge(RetailScript script, String run, RetailShop shop, Client client) {
    try {
      Outcome<Ending> outcome = client.find(run, Ending.class).outcome();
      player.judge(script.id(), script, shop.world(run), outcome);
    } catch (RunException.RunNotFound missing) {
      tally.held.fail(script.id(), script, "its run is gone");
    }
    player.playNaively(
        script.id(), script, shop.world("naive " + run), strikes.getOrDefault(run, List.of()));
  }

  private static long claims(JournalReader reader, String run) {
    return reader.find(new RunId(run)).map(RunState::epoch).orElse(0L);
  }

  private void enterModelCalls(RetailScript script, List<Integer> asked, long claims) {
    int redone = asked.size() - new HashSet<>(asked).size();
    tally.modelCallsRedone.addAndGet(redone);
    if (redone > claims - 1) {
      tally.held.fault(
          script.id(), "%d model calls were made again in %d claims".formatted(redone, claims));
      tally.broke("at most one model call may be made again for each crash");
    }
  }
}

package dev.holdfast.bench;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.store.Holdfast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Runs with one effect of one contract each, in a process that is killed again and again.
 *
 * @param runs how many
 * @param kills how often, spread over the runs
 */
record EffectsCampaign(int runs, int kills) {
  private static final Duration LIFE_MAX = Duration.ofMinutes(5);
  private static final Duration LOOK_EVERY = Duration.ofMillis(2);
  private static final int ENTRIES_MAX = 1_000;

  /** A kill strikes up to so long after the outside saw what it was due at. */
  private static final int PAUSE_MILLIS_MAX = 25;

  /**
   * What was seen.
   *
   * @param duplicates effects that happened again
   * @param lost runs whose effect never happened, and which are not in doubt
   * @param doubts runs that report a doubt
   * @param expected runs of which somebody who looked at the journal and the outside after each
   *     kill could not say whether the effect would still be told
   * @param untold runs whose call was cut short and which neither ended nor report a doubt
   */
  record Seen(int duplicates, int lost, int doubts, int expected, int untold) {}

  Seen play(Shell shell, Contract contract, Path folder) throws IOException, SQLException {
    Files.createDirectories(folder);
    var outside = new EffectsOutside(contract, folder);
    outside.prepare();
    var random = new SplittableRandom(4711);
    Set<String> expected = new HashSet<>();
    try (Progress progress = shell.progress(key(contract) + ": kills", kills)) {
      for (int kill = 1; kill <= kills; kill++) {
        try (PeerProcess life = start(contract, folder)) {
          life.order("effects " + runs);
          awaitEffects(outside, life, due(kill));
          pause(Duration.ofMillis(random.nextInt(PAUSE_MILLIS_MAX)));
          life.kill();
        }
        expected.addAll(unknowable(folder));
        expected.addAll(contract == Contract.ONCE ? outside.cutShort() : Set.of());
        progress.step();
      }
    }
    try (PeerProcess life = start(contract, folder)) {
      life.ask("effects " + runs, LIFE_MAX);
      life.end();
    }
    return seen(outside, folder, expected);
  }

  static String key(Contract contract) {
    return contract.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static PeerProcess start(Contract contract, Path folder) throws IOException {
    return LifeOrders.start(EffectsLife.class, folder, List.of(), contract, folder);
  }

  /** Leaves room for effects that never happen, since each kill may put some in doubt. */
  private int due(int kill) {
    return Math.max(0, runs - EffectsLife.AT_ONCE * kills) * kill / (kills + 1);
  }

  private static void awaitEffects(EffectsOutside outside, PeerProcess life, int due)
      throws IOException, SQLException {
    long end = System.nanoTime() + LIFE_MAX.toNanos();
    while (new HashSet<>(outside.runs()).size() < due) {
      if (!life.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException("The runs stand still before effect " + due);
      }
      pause(LOOK_EVERY);
    }
  }

  private static void pause(Duration length) {
    try {
      Thread.sleep(length);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted between two kills.", interrupted);
    }
  }

  /** Runs with a durable intent of contract {@code once} and no outcome, while nobody executes. */
  private static Set<String> unknowable(Path folder) {
    Set<String> open = new HashSet<>();
    try (JournalReader reader = Holdfast.reader(EffectsLife.store(folder))) {
      for (RunState state : reader.runs(Set.of(Status.EXECUTING), 0, ENTRIES_MAX)) {
        RunId run = state.id();
        if (!OpenIntents.of(reader.entries(run, 0, ENTRIES_MAX)).isEmpty()) {
          open.add(run.text());
        }
      }
    }
    return open;
  }

  private Seen seen(EffectsOutside outside, Path folder, Set<String> expected)
      throws IOException, SQLException {
    List<String> all = outside.runs();
    Set<String> happened = new HashSet<>(all);
    Set<String> doubts = runs(folder, Status.IN_DOUBT);
    Set<String> told = new HashSet<>(happened);
    told.addAll(doubts);
    Set<String> untold = new HashSet<>(expected);
    untold.removeAll(doubts);
    return new Seen(
        all.size() - happened.size(),
        runs - told.size(),
        doubts.size(),
        expected.size(),
        untold.size());
  }

  private static Set<String> runs(Path folder, Status status) {
    Set<String> runs = new HashSet<>();
    try (JournalReader reader = Holdfast.reader(EffectsLife.store(folder))) {
      reader
          .runs(Set.of(status), 0, Integer.MAX_VALUE)
          .forEach(state -> runs.add(state.id().text()));
    }
    return runs;
  }
}

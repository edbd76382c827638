package dev.holdfast.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Runs with one effect each, in a process that is killed again and again; the outside counts.
 *
 * @param runs how many
 * @param kills how often, spread over the runs
 */
record PeerEffects(int runs, int kills) {
  /** How the answer of a life names a run whose effect is in doubt. */
  static final String DOUBT = "doubt:";

  private static final int AT_ONCE = 8;
  private static final Duration LIFE_MAX = Duration.ofMinutes(5);
  private static final Duration LOOK_EVERY = Duration.ofMillis(1);

  /** A kill strikes up to so long after the outside saw what it was due at. */
  private static final int PAUSE_MILLIS_MAX = 20;

  /**
   * What the outside saw.
   *
   * @param duplicates effects that happened again
   * @param lost effects that never happened although the system told no doubt of them
   * @param doubts runs whose effect the system told it cannot know of
   */
  record Seen(int duplicates, int lost, int doubts, double seconds) {}

  Seen play(PeerPlace place) throws IOException {
    long began = System.nanoTime();
    var random = new SplittableRandom(4711);
    for (int kill = 1; kill <= kills; kill++) {
      try (PeerProcess life = place.start()) {
        life.order(order());
        awaitEffects(place, life, due(kill));
        pause(Duration.ofMillis(random.nextInt(PAUSE_MILLIS_MAX)));
        life.kill();
      }
    }
    try (PeerProcess life = place.start()) {
      Map<String, Double> facts = life.ask(order(), LIFE_MAX);
      life.end();
      return seen(
          PeerLedger.read(place.ledger()), doubts(facts), (System.nanoTime() - began) / 1e9);
    }
  }

  /** Leaves room for effects that never happen, since each kill may put some in doubt. */
  private int due(int kill) {
    return Math.max(0, runs - AT_ONCE * kills) * kill / (kills + 1);
  }

  private String order() {
    return "effects %d %d".formatted(runs, AT_ONCE);
  }

  private static void awaitEffects(PeerPlace place, PeerProcess life, int due) throws IOException {
    long end = System.nanoTime() + LIFE_MAX.toNanos();
    while (distinct(PeerLedger.read(place.ledger())) < due) {
      if (!life.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException(
            "%s stands still before effect %d.".formatted(place.system().title(), due));
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

  private static long distinct(List<PeerLedger.Line> lines) {
    return lines.stream().map(PeerLedger.Line::run).distinct().count();
  }

  private static Set<String> doubts(Map<String, Double> facts) {
    return facts.keySet().stream()
        .filter(fact -> fact.startsWith(DOUBT))
        .map(fact -> fact.substring(DOUBT.length()))
        .collect(Collectors.toSet());
  }

  /** Counts what the lines of the ledger say, of which each stands for one effect. */
  Seen seen(List<PeerLedger.Line> lines, Set<String> doubts, double seconds) {
    Set<String> happened = lines.stream().map(PeerLedger.Line::run).collect(Collectors.toSet());
    var accounted = new HashSet<>(happened);
    accounted.addAll(doubts);
    return new Seen(
        lines.size() - happened.size(), runs - accounted.size(), doubts.size(), seconds);
  }
}

package dev.holdfast.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Many runs at once in a process that is killed when half of their steps are done, and one that
 * brings them to their end.
 *
 * @param runs how many, all at once
 */
record PeerRecovery(int runs) {
  private static final Duration LIFE_MAX = Duration.ofMinutes(5);
  private static final Duration LOOK_EVERY = Duration.ofMillis(2);

  /**
   * What was seen.
   *
   * @param seconds from the start of the second process until all runs were done
   * @param again steps that were executed again, durable or not
   * @param recordedAgain those of them whose result was durable, since the next step had begun
   * @param lost steps that were never executed
   */
  record Seen(double seconds, int again, int recordedAgain, int lost) {}

  Seen play(PeerPlace place) throws IOException {
    try (PeerProcess first = place.start()) {
      first.order(order());
      awaitHalf(place, first);
      first.kill();
    }
    List<PeerLedger.Line> before = PeerLedger.read(place.ledger());
    long began = System.nanoTime();
    try (PeerProcess second = place.start()) {
      second.ask(order(), LIFE_MAX);
      double seconds = (System.nanoTime() - began) / 1e9;
      second.end();
      return seen(before, PeerLedger.read(place.ledger()), seconds);
    }
  }

  private String order() {
    return "counted %d %d".formatted(runs, Peer.STEPS);
  }

  private void awaitHalf(PeerPlace place, PeerProcess life) throws IOException {
    long end = System.nanoTime() + LIFE_MAX.toNanos();
    while (PeerLedger.read(place.ledger()).size() < runs * Peer.STEPS / 2) {
      if (!life.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException(place.system().title() + " did not get half way.");
      }
      try {
        Thread.sleep(LOOK_EVERY);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted before the kill.", interrupted);
      }
    }
  }

  /** Compares the ledger at the kill with the ledger at the end. */
  Seen seen(List<PeerLedger.Line> before, List<PeerLedger.Line> after, double seconds) {
    Set<PeerLedger.Line> done = new HashSet<>(before);
    Set<PeerLedger.Line> distinct = new HashSet<>(after);
    List<PeerLedger.Line> later = after.subList(before.size(), after.size());
    int recordedAgain = (int) later.stream().filter(line -> done.contains(next(line))).count();
    return new Seen(
        seconds,
        after.size() - distinct.size(),
        recordedAgain,
        runs * Peer.STEPS - distinct.size());
  }

  private static PeerLedger.Line next(PeerLedger.Line line) {
    return new PeerLedger.Line(line.run(), Integer.toString(Integer.parseInt(line.key()) + 1));
  }
}

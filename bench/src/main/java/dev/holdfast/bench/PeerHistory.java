package dev.holdfast.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/**
 * One long run: what a turn of 2,048 random characters occupies on disk once all is written.
 *
 * @param turns how many
 */
record PeerHistory(int turns) {
  private static final Duration LIFE_MAX = Duration.ofMinutes(5);

  /** Bytes a turn, without what the system occupies when it is opened and does nothing. */
  double play(PeerPlace place) throws IOException, SQLException {
    try (PeerProcess idle = place.start()) {
      idle.end();
    }
    long before = place.bytes();
    try (PeerProcess life = place.start()) {
      life.ask("turns " + turns, LIFE_MAX);
      life.end();
    }
    return (double) (place.bytes() - before) / turns;
  }
}

package dev.holdfast.testing;

import dev.holdfast.journal.spi.Journal;
import java.util.function.BiFunction;

/**
 * A seed, a plan of random programs and faults, and laws that are checked after every event; the
 * same seed is the same simulation.
 *
 * <p>Workers that share a store, or one after the other, execute programs drawn by lot while they
 * crash, stand still beyond their lease, have their clocks moved and get changed code; people
 * start, signal twice, approve, settle, cancel, have undone and resume. One use by one thread.
 */
public final class Simulation {
  /** What a simulation must name its seed by, to be played alone. */
  static final String SEED = "holdfast.seed";

  private static final int EVENTS_MAX = 200_000;
  private final long seed;
  private BiFunction<InMemoryJournal.Storage, Journal, Journal> through =
      (storage, journal) -> journal;

  private Simulation(long seed) {
    this.seed = seed;
  }

  /** The simulation of that seed. */
  public static Simulation of(long seed) {
    return new Simulation(seed);
  }

  /** Workers see the journal through this: to plant what a law must find. */
  Simulation through(BiFunction<InMemoryJournal.Storage, Journal, Journal> broken) {
    through = broken;
    return this;
  }

  /**
   * What was played.
   *
   * @param runs how many runs
   * @param faults how many faults struck
   * @param events how often the baton was passed on
   * @param entries how many entries were journaled
   * @param fingerprint the same for the same journal
   */
  public record Played(int runs, int faults, int events, int entries, int fingerprint) {}

  /**
   * Plays it to the end; at most 200,000 events.
   *
   * @throws AssertionError where a law is broken, with the seed and how to play it again
   */
  public Played play() {
    var world = new World();
    Plan plan = Plan.drawn(seed, world);
    var storage = new InMemoryJournal.Storage();
    Baton baton = Baton.of(seed, EVENTS_MAX);
    var audit = new Audit(plan, world, storage, baton);
    var fleet = new Fleet(baton, plan, world, storage, through);
    var people = new People(baton, plan, world, fleet, audit, storage);
    baton.turns().afterEvent(audit::check);
    try {
      baton.run(() -> {
        fleet.begin();
        people.seeToIt();
        fleet.close();
        return "";
      });
      audit.checkEnd();
    } catch (Exception | AssertionError broken) {
      throw new AssertionError(
          "Simulation %d broke a law: %s%nPlay it again with -D%s=%d. It played %s%n%s"
              .formatted(seed, broken.getMessage(), SEED, seed, plan, audit),
          broken);
    }
    return new Played(
        storage.runs.size(),
        fleet.struck(),
        baton.turnsTaken(),
        audit.entries(),
        audit.fingerprint());
  }
}

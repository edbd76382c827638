package dev.holdfast.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One process in the life of an agent, as its surroundings see it: it touches them, dies at one of
 * the touches, and does nothing to them any more. Safe for use by many threads.
 */
final class AdoptionLife {
  private static final Duration HOLD_MAX = Duration.ofMinutes(1);

  /** Ends what a dead process still does; nothing catches it. */
  static final class Died extends Error {
    private static final long serialVersionUID = 1L;

    Died() {
      super("The process is dead.", null, false, false);
    }
  }

  private final int diesAt;
  private final boolean isHeld;
  private final List<String> touches = new ArrayList<>();
  private boolean isOver;

  private AdoptionLife(int diesAt, boolean isHeld) {
    this.diesAt = diesAt;
    this.isHeld = isHeld;
  }

  /** One that goes on to its end. */
  static AdoptionLife unharmed() {
    return new AdoptionLife(0, false);
  }

  /** One whose thread ends by an error at that touch, from 1; 0 for none. */
  static AdoptionLife dyingAt(int touch) {
    return new AdoptionLife(touch, false);
  }

  /** One whose thread stands still at that touch, from 1, until somebody ends it; 0 for none. */
  static AdoptionLife heldAt(int touch) {
    return new AdoptionLife(touch, true);
  }

  /** Passes a place at which it can die. */
  void touch(String place) {
    boolean isNow;
    synchronized (this) {
      if (isOver) {
        throw new Died();
      }
      touches.add(place);
      isNow = touches.size() == diesAt;
      isOver = isNow;
    }
    if (isNow) {
      if (isHeld) {
        hold(place);
      }
      throw new Died();
    }
  }

  private static void hold(String place) {
    try {
      Thread.sleep(HOLD_MAX);
      throw new IllegalStateException("Nobody crashed the engine that stood " + place + ".");
    } catch (InterruptedException crashed) {
      Thread.currentThread().interrupt();
    }
  }

  /** Kills it. */
  synchronized void end() {
    isOver = true;
  }

  synchronized boolean isOver() {
    return isOver;
  }

  /** Every place that it passed, in order. */
  synchronized List<String> touches() {
    return List.copyOf(touches);
  }
}

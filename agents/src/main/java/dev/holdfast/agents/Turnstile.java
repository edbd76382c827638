package dev.holdfast.agents;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets those who want the same thing through one after another, in the order in which they came;
 * safe for many threads.
 */
final class Turnstile {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Object, Deque<Object>> waiting = new HashMap<>();

  /**
   * Stands in the queue, where it does not yet, and waits until it is the first.
   *
   * @return whether it is, within that time; it keeps its place either way
   */
  boolean enter(Object thing, Object who, Duration patience) throws InterruptedException {
    lock.lock();
    try {
      Deque<Object> queue = queue(thing);
      if (!queue.contains(who)) {
        queue.addLast(who);
      }
      long nanos = patience.toNanos();
      while (!queue.getFirst().equals(who) && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return queue.getFirst().equals(who);
    } finally {
      lock.unlock();
    }
  }

  /** Goes to the head of the queue: who went through already, and comes back, waits for nobody. */
  void reenter(Object thing, Object who) {
    lock.lock();
    try {
      Deque<Object> queue = queue(thing);
      if (!queue.contains(who)) {
        queue.addFirst(who);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Leaves, wherever it stood. */
  void leave(Object thing, Object who) {
    lock.lock();
    try {
      Optional.ofNullable(waiting.get(thing)).ifPresent(queue -> queue.remove(who));
      waiting.values().removeIf(Deque::isEmpty);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many stand there, in front of it and behind. */
  int size(Object thing) {
    lock.lock();
    try {
      return waiting.getOrDefault(thing, new ArrayDeque<>()).size();
    } finally {
      lock.unlock();
    }
  }

  private Deque<Object> queue(Object thing) {
    return waiting.computeIfAbsent(thing, fresh -> new ArrayDeque<>());
  }
}

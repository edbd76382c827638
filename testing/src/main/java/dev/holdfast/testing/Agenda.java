package dev.holdfast.testing;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/** What is to happen at a time; at the same time in the order in which it was put down. */
final class Agenda {
  private record Item(long due, long number, BooleanSupplier isStale, Runnable work) {}

  private final Queue<Item> items =
      new PriorityQueue<>(Comparator.comparingLong(Item::due).thenComparingLong(Item::number));
  private long count;

  void add(long due, BooleanSupplier isStale, Runnable work) {
    items.add(new Item(due, count++, isStale, work));
  }

  /** Performs what is due and returns how much that was. */
  int perform(long now) {
    int performed = 0;
    while (next() <= now) {
      items.remove().work().run();
      performed++;
    }
    return performed;
  }

  /** When the next of them is due that is still wanted. */
  long next() {
    while (!items.isEmpty() && items.element().isStale().getAsBoolean()) {
      items.remove();
    }
    return items.isEmpty() ? Turns.NEVER : items.element().due();
  }
}

package dev.holdfast.examples;

import java.util.Collection;

/** How often something may have happened. */
final class Times {
  private Times() {}

  static void atMostOnce(String what, Collection<?> happened) {
    if (happened.size() > 1) {
      throw new AssertionError(
          "There are %d %s instead of one: %s.".formatted(happened.size(), what, happened));
    }
  }
}

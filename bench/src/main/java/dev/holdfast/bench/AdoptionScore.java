package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.List;

/** What crashes led to on one side. For one thread. */
final class AdoptionScore {
  private final List<String> places = new ArrayList<>();
  private int crashes;
  private int duplicates;
  private int lost;
  private int poisoned;
  private int refused;
  private int doubts;
  private int doubtsExpected;

  void add(String place, AdoptionTurn crashed, AdoptionDamage damage) {
    crashes++;
    duplicates += damage.duplicates();
    lost += damage.lost();
    poisoned += damage.isPoisoned() ? 1 : 0;
    refused += damage.isRefused() ? 1 : 0;
    doubts += crashed.doubts();
    doubtsExpected += crashed.doubtsExpected();
    if (damage.duplicates() + damage.lost() > 0) {
      places.add("%s: %s".formatted(place, damage));
    }
  }

  /** Where the outside was hurt, and how. */
  List<String> places() {
    return List.copyOf(places);
  }

  int crashes() {
    return crashes;
  }

  int duplicates() {
    return duplicates;
  }

  int lost() {
    return lost;
  }

  int poisoned() {
    return poisoned;
  }

  int refused() {
    return refused;
  }

  int doubts() {
    return doubts;
  }

  int doubtsExpected() {
    return doubtsExpected;
  }
}

package dev.holdfast.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What one crash led to, by the outside's own count.
 *
 * @param duplicates effects that happened once too often
 * @param lost effects that never happened, and questions that were never answered
 * @param isPoisoned whether the memory is not what it is without a crash, or had to be cleared
 * @param isRefused whether the model's provider refused the memory, so that it had to be cleared
 */
record AdoptionDamage(int duplicates, int lost, boolean isPoisoned, boolean isRefused) {
  static AdoptionDamage of(
      AdoptionSide side,
      List<String> orders,
      List<AdoptionTurn> turns,
      Map<String, List<String>> memory) {
    List<Integer> counts = counts(side.books(), orders);
    boolean isRefused = turns.stream().anyMatch(turn -> turn.refusals() > 0);
    int unanswered = (int) turns.stream().filter(turn -> !turn.isAnswered()).count();
    return new AdoptionDamage(
        counts.stream().mapToInt(count -> Math.max(0, count - 1)).sum(),
        unanswered + (int) counts.stream().filter(count -> count == 0).count(),
        isRefused || !side.memory().equals(memory),
        isRefused);
  }

  private static List<Integer> counts(AdoptionBooks books, List<String> orders) {
    return orders.stream()
        .flatMap(order -> Stream.of(AdoptionBooks.chargeOf(order), AdoptionBooks.letterOf(order)))
        .map(books::count)
        .toList();
  }

  boolean isNone() {
    return duplicates == 0 && lost == 0 && !isPoisoned;
  }

  @Override
  public String toString() {
    return "%d twice, %d lost%s".formatted(duplicates, lost, isPoisoned ? ", poisoned memory" : "");
  }
}

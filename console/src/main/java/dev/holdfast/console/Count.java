package dev.holdfast.console;

import dev.holdfast.examples.OutsideWorld.Ledger;
import dev.holdfast.examples.OutsideWorld.Receipt;
import java.util.List;
import java.util.Locale;

/**
 * How often something happened in the outside world, beside how often it should have.
 *
 * @param what what was counted
 * @param wanted how often it should have happened
 * @param happened how often it did
 * @param note what that means, where it means more
 */
record Count(String what, int wanted, int happened, String note) {
  /** The four counts of the outside world that the demo stands on. */
  static List<Count> of(Ledger ledger) {
    long cents = ledger.refunds().stream().mapToLong(Receipt::cents).sum();
    String paid = String.format(Locale.ROOT, "%.2f paid back", cents / 100.0);
    return List.of(
        new Count("refund", 1, ledger.refunds().size(), paid),
        new Count("stock booking", 1, ledger.bookings().size(), ""),
        new Count("letter", 1, ledger.letters().size(), ""),
        new Count("pick-up", 1, ledger.pickups().size(), ""));
  }

  static boolean areRight(List<Count> counts) {
    return counts.stream().allMatch(Count::isRight);
  }

  boolean isRight() {
    return wanted == happened;
  }

  static List<String> lines(List<Count> counts, Paint paint) {
    var table = new Table().row("counted by the outside world", "wanted", "happened", "", "");
    for (Count count : counts) {
      table.row(
          count.what + "s",
          Integer.toString(count.wanted),
          Integer.toString(count.happened),
          count.isRight() ? paint.good("right") : paint.bad("WRONG"),
          count.note);
    }
    return table.lines();
  }
}

package dev.holdfast.console;

import dev.holdfast.examples.OutsideWorld.Ledger;

/**
 * What a place of the outside world has in its own book: what a person would look at.
 *
 * @param place whose book it is
 * @param what what the book lists
 * @param count how many of them
 * @param prefix what their numbers begin with
 */
record DemoBook(String place, String what, int count, String prefix) {
  /** The book that tells what became of that tool's call. */
  static DemoBook of(String tool, Ledger ledger) {
    return switch (tool) {
      case "refund" -> new DemoBook("bank", "refund", ledger.refunds().size(), "R-");
      case "book_stock" ->
          new DemoBook("warehouse", "stock booking", ledger.bookings().size(), "B-");
      case "write_to_customer" -> new DemoBook("mailbox", "letter", ledger.letters().size(), "M-");
      case "book_pickup" -> new DemoBook("courier", "pick-up", ledger.pickups().size(), "P-");
      default ->
          throw new Complaint(
              "Step %s stands in doubt and no place of the demo knows it. Settle it by hand."
                  .formatted(tool));
    };
  }

  /** The number of the entry written last, as JSON. */
  String lastNumber() {
    return "\"" + prefix + count + "\"";
  }
}

package dev.holdfast.examples;

import dev.holdfast.examples.OutsideWorld.Letter;
import dev.holdfast.examples.OutsideWorld.Receipt;
import dev.holdfast.examples.OutsideWorld.RefundRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the bank, the mailbox and the courier did, each in its own book; safe for many threads. */
final class WorldBooks {
  private final List<Receipt> refunds = new ArrayList<>();
  private final Map<String, Receipt> receiptOfKey = new HashMap<>();
  private final List<Letter> letters = new ArrayList<>();
  private final Map<String, String> letterOfKey = new HashMap<>();
  private final List<String> pickups = new ArrayList<>();
  private final Set<String> answersToLose = new HashSet<>();
  private int repeatsAnswered;
  private int answersLost;

  /** Pays the money back, or answers a repeat of a key with the first receipt. */
  synchronized Receipt refund(Optional<String> key, RefundRequest request) {
    Receipt known = key.map(receiptOfKey::get).orElse(null);
    if (known != null) {
      repeatsAnswered++;
      return known;
    }
    var receipt = new Receipt("R-" + (refunds.size() + 1), request.orderId(), request.cents());
    refunds.add(receipt);
    key.ifPresent(text -> receiptOfKey.put(text, receipt));
    return receipt;
  }

  /** Delivers the letter; it can be found by its key afterwards. */
  synchronized String deliver(Optional<String> key, Letter letter) {
    letters.add(letter);
    String number = "M-" + letters.size();
    key.ifPresent(text -> letterOfKey.put(text, number));
    return number;
  }

  /** The number of the letter that was sent with that key. */
  synchronized Optional<String> letter(String key) {
    return Optional.ofNullable(letterOfKey.get(key));
  }

  /** Sends a driver, each time it is asked to. */
  synchronized String pickUp(String orderId) {
    pickups.add(orderId);
    return "P-" + pickups.size();
  }

  /** The next answer of that place gets lost after the place has done what it was asked. */
  synchronized void loseNextAnswer(String place) {
    answersToLose.add(place);
  }

  /** Whether the answer that this place is about to give gets lost. */
  synchronized boolean losesAnswer(String place) {
    boolean lost = answersToLose.remove(place);
    answersLost += lost ? 1 : 0;
    return lost;
  }

  synchronized OutsideWorld.Ledger ledger(List<OutsideWorld.Booking> bookings) {
    return new OutsideWorld.Ledger(
        refunds, letters, bookings, pickups, repeatsAnswered, answersLost);
  }
}

package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The bank's and the post office's own count of what reached them. Safe for many threads. */
final class AdoptionBooks {
  private final List<String> done = new ArrayList<>();
  private final Set<String> keys = new HashSet<>();

  /** Charges a card, once for each key, as a bank does. */
  synchronized void charge(String key, String order) {
    if (keys.add(key)) {
      done.add(chargeOf(order));
    }
  }

  /** Charges a card for a caller without a key. */
  synchronized void charge(String order) {
    done.add(chargeOf(order));
  }

  /** Sends a letter; a post office knows no keys. */
  synchronized void post(String order) {
    done.add(letterOf(order));
  }

  synchronized int count(String effect) {
    return (int) done.stream().filter(effect::equals).count();
  }

  static String chargeOf(String order) {
    return "charge " + order;
  }

  static String letterOf(String order) {
    return "letter " + order;
  }
}

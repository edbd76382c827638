package dev.holdfast.bench;

import dev.holdfast.agents.Effect;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.IdempotencyKey;
import dev.langchain4j.agent.tool.Tool;

/** The desk's tools; each passes a place to die at before and after what it does. */
final class AdoptionTools {
  static final String FOUND = "found ";
  static final String CHARGED = "charged ";
  static final String POSTED = "posted ";

  private AdoptionTools() {}

  /** Looks things up, which changes nothing. */
  record OrderBook(AdoptionLife life) {
    @Tool("Looks an order up")
    @Effect(Contract.READ)
    String findOrder(String order) {
      life.touch("before the look-up");
      life.touch("after the look-up");
      return FOUND + order;
    }
  }

  /** Charges cards as plain LangChain4j can: it offers no key that outlives a process. */
  record PlainTill(AdoptionLife life, AdoptionBooks books) {
    @Tool("Charges the card of an order's customer")
    String charge(String order) {
      life.touch("before the charge");
      books.charge(order);
      life.touch("after the charge");
      return CHARGED + order;
    }
  }

  /** Charges cards with the key that a durable agent hands over. */
  record KeyedTill(AdoptionLife life, AdoptionBooks books) {
    @Tool("Charges the card of an order's customer")
    @Effect(Contract.KEYED)
    String charge(IdempotencyKey key, String order) {
      life.touch("before the charge");
      books.charge(key.text(), order);
      life.touch("after the charge");
      return CHARGED + order;
    }
  }

  /** Sends letters, which nobody can ask about and nothing can take back. */
  record PostOffice(AdoptionLife life, AdoptionBooks books) {
    @Tool("Writes to an order's customer")
    @Effect(Contract.ONCE)
    String sendLetter(String order) {
      life.touch("before the letter");
      books.post(order);
      life.touch("after the letter");
      return POSTED + order;
    }
  }
}

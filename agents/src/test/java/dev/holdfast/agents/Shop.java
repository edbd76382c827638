package dev.holdfast.agents;

import static dev.holdfast.journal.Contract.IDEMPOTENT;
import static dev.holdfast.journal.Contract.KEYED;
import static dev.holdfast.journal.Contract.ONCE;
import static dev.holdfast.journal.Contract.READ;
import static dev.holdfast.journal.Contract.VERIFIED;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.kernel.Effect.Answer;
import dev.langchain4j.agent.tool.Tool;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A shop, a bank and a post office outside the runtime that count what reached them. */
final class Shop {
  record Order(String id, int price, List<String> items) {}

  record Receipt(String refund, int amount) {}

  final AtomicInteger lookups = new AtomicInteger();
  final Map<String, Receipt> refundsByKey = new ConcurrentHashMap<>();
  final List<String> moneyMoved = new CopyOnWriteArrayList<>();
  final List<String> mails = new CopyOnWriteArrayList<>();
  final Map<String, String> mailsByKey = new ConcurrentHashMap<>();
  final Map<String, String> labels = new ConcurrentHashMap<>();
  final List<String> calls = new CopyOnWriteArrayList<>();

  @Effect(READ)
  @Tool("Looks up an order")
  Order findOrder(String orderId) {
    lookups.incrementAndGet();
    return new Order(orderId, 30, List.of("lamp"));
  }

  @Effect(value = KEYED, oncePer = Intent.Scope.RUN, intent = "refund:{orderId}")
  @Tool("Pays money back")
  Receipt refund(String orderId, int amount, IdempotencyKey key) {
    return refundsByKey.computeIfAbsent(
        key.text(),
        fresh -> {
          moneyMoved.add(orderId + ":" + amount);
          return new Receipt("r-" + orderId, amount);
        });
  }

  @Effect(value = VERIFIED, probe = "mailSent", timeout = "5s", settleAfter = "1ms")
  @Tool("Writes to the customer")
  String sendMail(String to, String text, IdempotencyKey key) {
    mails.add(to + ": " + text);
    mailsByKey.put(key.text(), "mail-" + to);
    return "mail-" + to;
  }

  Answer<String> mailSent(IdempotencyKey key) {
    String sent = mailsByKey.get(key.text());
    return sent == null ? new Answer.DidNotHappen<>() : new Answer.Happened<>(sent);
  }

  @Effect(IDEMPOTENT)
  @Tool("Labels an order")
  void label(String orderId, String label) {
    labels.put(orderId, label);
  }

  @Effect(ONCE)
  @Tool("Calls the customer")
  String call(String number) {
    calls.add(number);
    return "called";
  }
}

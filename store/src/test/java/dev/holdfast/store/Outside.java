package dev.holdfast.store;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.Effect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The world that outlives every crash: effects of each contract, and what happened by them.
 *
 * <p>An effect's input is the fact itself and its result too; what undoes it is a fact of its own.
 */
final class Outside {
  private static final String UNDO = "undo ";
  private final DataSource bookings;
  private final JdbcTransactions transactions;
  private final List<String> happened = new ArrayList<>();
  private final Map<String, String> answered = new LinkedHashMap<>();

  Outside(Path folder) throws SQLException {
    this.bookings = UserDatabase.source(folder.resolve("outside.db"), Duration.ofSeconds(10));
    UserDatabase.execute(bookings, "CREATE TABLE booking (number INTEGER PRIMARY KEY, item TEXT)");
    this.transactions = JdbcTransactions.over(bookings).createTable();
  }

  /** Every fact in the order in which it happened first, as often as it did; without bookings. */
  synchronized List<String> happened() {
    return List.copyOf(happened);
  }

  boolean isSo(String fact) {
    return happened().contains(fact);
  }

  /** How often that was booked by a transaction. */
  long booked(String item) throws SQLException {
    return UserDatabase.first(
        bookings, "SELECT count(*) FROM booking WHERE item = '%s'".formatted(item));
  }

  static String undoOf(String fact) {
    return UNDO + fact;
  }

  Effect<String, String> keyed() {
    return Effect.keyed(String.class, this::answer);
  }

  /** What repeats of it change is nothing: the world is asked for it again, by the fact. */
  synchronized Effect<String, String> idempotent() {
    return Effect.idempotent(
        String.class,
        fact -> {
          synchronized (this) {
            return happened.contains(fact) ? fact : happens(fact);
          }
        });
  }

  Effect<String, String> once() {
    return Effect.once(String.class, (key, fact) -> happens(fact));
  }

  Effect<String, String> verified() {
    return Effect.<String, String>verified(String.class, this::send, this::probe)
        .settleAfter(Duration.ofMillis(1));
  }

  Effect<String, Long> transactional() {
    return Effect.<Connection, String, Long>transactional(
        Long.class, transactions, UserDatabase::insert);
  }

  void cancel(IdempotencyKey key, String fact, Optional<String> result) {
    answer(key, undoOf(fact));
  }

  /** Undone a second time it does harm. */
  void release(IdempotencyKey key, String fact, Optional<String> result) {
    happens(undoOf(fact));
  }

  void cancelBooking(IdempotencyKey key, String fact, Optional<Long> number) {
    answer(key, undoOf(fact));
  }

  /** A target that remembers keys, for ever. */
  private synchronized String answer(IdempotencyKey key, String fact) {
    String before = answered.get(key.text());
    return before == null ? send(key, fact) : before;
  }

  private synchronized String send(IdempotencyKey key, String fact) {
    answered.put(key.text(), fact);
    return happens(fact);
  }

  private synchronized String happens(String fact) {
    happened.add(fact);
    return fact;
  }

  private synchronized Effect.Answer<String> probe(IdempotencyKey key, String fact) {
    String answer = answered.get(key.text());
    return answer == null
        ? new Effect.Answer.DidNotHappen<>()
        : new Effect.Answer.Happened<>(answer);
  }
}

package dev.holdfast.testing;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.spi.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * An outside world that no crash touches: counts what really took place, by fact.
 *
 * <p>A fact is the input of the effect that brings it about. Faults are consumed one per call.
 */
final class World implements Transactions<List<String>> {
  /** What goes wrong with one call. */
  @FunctionalInterface
  interface Fault {
    void strike() throws Exception;
  }

  private static final String UNDO = "undo ";
  private final Map<String, Integer> calls = new ConcurrentHashMap<>();
  private final Map<String, Integer> happened = new ConcurrentHashMap<>();
  private final Map<IdempotencyKey, String> answers = new ConcurrentHashMap<>();
  private final Map<IdempotencyKey, Payload> rows = new ConcurrentHashMap<>();
  private final Map<String, List<IdempotencyKey>> keys = new ConcurrentHashMap<>();
  private final Map<String, Queue<Fault>> before = new ConcurrentHashMap<>();
  private final Map<String, Queue<Fault>> after = new ConcurrentHashMap<>();

  private final Map<String, String> decisions = new ConcurrentHashMap<>();
  private final List<String> changedDecisions = new CopyOnWriteArrayList<>();
  private boolean isUndoable;

  /** The next call for that fact meets this before anything happens. */
  World failBefore(String fact, Fault fault) {
    before.computeIfAbsent(fact, fresh -> new ConcurrentLinkedQueue<>()).add(fault);
    return this;
  }

  /** The next call for that fact meets this after it happened: its answer is lost. */
  World failAfter(String fact, Fault fault) {
    after.computeIfAbsent(fact, fresh -> new ConcurrentLinkedQueue<>()).add(fault);
    return this;
  }

  /** How often a fact took place. */
  int happened(String fact) {
    return happened.getOrDefault(fact, 0);
  }

  /** Fails where a fact took place twice and was not undone in between. */
  void requireAtMostOnce() {
    for (String fact : happened.keySet()) {
      if (!fact.startsWith(UNDO) && standing(fact) > 1) {
        throw new AssertionError(
            "what is finished is not done again: %s, %s".formatted(fact, happened));
      }
      if (standing(fact) < 0) {
        throw new AssertionError("nothing is undone twice: %s, %s".formatted(fact, happened));
      }
    }
  }

  /** Hears what a run decided at that place; the first word counts. */
  String decided(String place, String told) {
    String first = decisions.putIfAbsent(place, told);
    if (first != null && !first.equals(told)) {
      changedDecisions.add("%s: first %s, then %s".formatted(place, first, told));
    }
    return told;
  }

  /** Fails where a run told two decisions of one place. */
  void requireOneDecision() {
    if (!changedDecisions.isEmpty()) {
      throw new AssertionError("a decision does not change: " + changedDecisions);
    }
  }

  /** How often a fact took place that nobody undid. */
  int standing(String fact) {
    return happened(fact) - happened(UNDO + fact);
  }

  /** The effect, undone by {@link #takeBack} where runs of this world can be rolled back. */
  Effect<String, String> undoable(Contract contract) {
    Effect<String, String> effect = effect(contract);
    return isUndoable && contract != Contract.READ ? effect.undo(UNDO.trim()) : effect;
  }

  /** From now on effects of programs name their undo. */
  void makeUndoable() {
    isUndoable = true;
  }

  /** Undoes a fact. */
  void takeBack(IdempotencyKey key, String fact, Optional<String> result) throws Exception {
    remember(key, UNDO + fact);
  }

  /** How often a fact was asked for. */
  int calls(String fact) {
    return calls.getOrDefault(fact, 0);
  }

  /** The keys that the calls for a fact carried, in order. */
  List<IdempotencyKey> keys(String fact) {
    return List.copyOf(keys.getOrDefault(fact, List.of()));
  }

  /** An effect on this world under that contract. */
  Effect<String, String> effect(Contract contract) {
    return switch (contract) {
      case READ -> Effect.read(String.class, this::look);
      case IDEMPOTENT -> Effect.idempotent(String.class, this::put);
      case KEYED -> Effect.keyed(String.class, this::remember);
      case TRANSACTIONAL -> Effect.transactional(String.class, this, this::stage);
      case VERIFIED -> Effect.verified(String.class, this::leaveTrace, this::probe);
      case ONCE -> Effect.once(String.class, this::act);
    };
  }

  private String look(String fact) throws Exception {
    arrive(fact);
    leave(fact);
    return answer(fact);
  }

  private String put(String fact) throws Exception {
    arrive(fact);
    happened.put(fact, 1);
    leave(fact);
    return answer(fact);
  }

  String remember(IdempotencyKey key, String fact) throws Exception {
    arrive(fact, key);
    synchronized (answers) {
      if (answers.putIfAbsent(key, answer(fact)) == null) {
        happened.merge(fact, 1, Integer::sum);
      }
    }
    leave(fact);
    return answer(fact);
  }

  private String leaveTrace(IdempotencyKey key, String fact) throws Exception {
    arrive(fact, key);
    happened.merge(fact, 1, Integer::sum);
    answers.put(key, answer(fact));
    leave(fact);
    return answer(fact);
  }

  Effect.Answer<String> probe(IdempotencyKey key, String fact) throws Exception {
    arrive("probe-" + fact);
    String found = answers.get(key);
    return found == null ? new Effect.Answer.DidNotHappen<>() : new Effect.Answer.Happened<>(found);
  }

  String act(IdempotencyKey key, String fact) throws Exception {
    arrive(fact, key);
    happened.merge(fact, 1, Integer::sum);
    leave(fact);
    return answer(fact);
  }

  private String stage(List<String> transaction, String fact) throws Exception {
    arrive(fact);
    transaction.add(fact);
    return answer(fact);
  }

  @Override
  public <I, O> Guarded<O> once(
      IdempotencyKey key,
      I input,
      Work<List<String>, ? super I, O> work,
      Function<O, Payload> encode,
      Duration atMost)
      throws Exception {
    synchronized (rows) {
      Optional<Payload> row = Optional.ofNullable(rows.get(key));
      if (row.isPresent()) {
        calls.merge(String.valueOf(input), 1, Integer::sum);
        return new Guarded.Repeated<>(row.get());
      }
      var transaction = new ArrayList<String>();
      O result = work(transaction, input, work);
      rows.put(key, encode.apply(result));
      transaction.forEach(fact -> happened.merge(fact, 1, Integer::sum));
      for (String fact : transaction) {
        leave(fact);
      }
      return new Guarded.Done<>(result);
    }
  }

  private static <I, O> O work(
      List<String> transaction, I input, Work<List<String>, ? super I, O> work) throws RolledBack {
    try {
      return work.apply(transaction, input);
    } catch (Exception e) {
      throw new RolledBack(e);
    }
  }

  private void arrive(String fact, IdempotencyKey key) throws Exception {
    synchronized (keys) {
      keys.computeIfAbsent(fact, fresh -> new ArrayList<>()).add(key);
    }
    arrive(fact);
  }

  private void arrive(String fact) throws Exception {
    calls.merge(fact, 1, Integer::sum);
    strike(before, fact);
  }

  private void leave(String fact) throws Exception {
    strike(after, fact);
  }

  private static void strike(Map<String, Queue<Fault>> faults, String fact) throws Exception {
    Fault fault = faults.getOrDefault(fact, new ConcurrentLinkedQueue<>()).poll();
    if (fault != null) {
      fault.strike();
    }
  }

  static String answer(String fact) {
    return "answer to " + fact;
  }

  @Override
  public String toString() {
    return "happened %s, calls %s".formatted(happened, calls);
  }
}

package dev.holdfast.bench;

import dev.holdfast.examples.RetailEpisode.Told;
import dev.holdfast.examples.RetailLedger;
import dev.holdfast.examples.RetailScript;
import dev.holdfast.examples.RetailScript.Expected;
import dev.holdfast.examples.RetailWorld;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What became of the executions of recorded runs, held against the recordings and the worlds. A
 * recorded run counts as equal only if each of its executions was. Safe for use by many threads.
 */
final class RetailScore {
  private static final int FAULTS_SHOWN_MAX = 20;

  private final Set<String> statesWrong = new HashSet<>();
  private final Set<List<String>> resultsWrong = new HashSet<>();
  private final Set<List<String>> repeated = new HashSet<>();
  private final List<String> faults = new ArrayList<>();
  private int executions;
  private int statesEqual;
  private int duplicates;
  private int lost;

  /**
   * Judges an execution that has ended.
   *
   * @param name what to call it in a complaint
   * @param told what the agent was told, by call id
   */
  synchronized void judge(
      String name, RetailScript script, RetailWorld world, Map<String, Told> told) {
    executions++;
    judgeState(name, script, world);
    Map<String, Integer> executed = executed(world);
    for (Expected expected : script.expected()) {
      if (!expected.injected()) {
        judgeCall(name, script, expected, Optional.ofNullable(told.get(expected.call().id())));
        judgeLedger(name, script, expected, told, executed);
      }
    }
  }

  /** Judges an execution that came to no end. */
  synchronized void fail(String name, RetailScript script, String reason) {
    executions++;
    statesWrong.add(script.id());
    script.expected().forEach(each -> resultsWrong.add(List.of(script.id(), each.call().id())));
    fault(name, reason);
  }

  private void judgeState(String name, RetailScript script, RetailWorld world) {
    String hash = world.stateHash();
    if (hash.equals(script.stateHash())) {
      statesEqual++;
    } else {
      statesWrong.add(script.id());
      fault(name, "its final state is %s, recorded is %s".formatted(hash, script.stateHash()));
    }
  }

  private static Map<String, Integer> executed(RetailWorld world) {
    Map<String, Integer> executed = new HashMap<>();
    for (RetailLedger.Row row : world.ledger()) {
      executed.merge(row.call().id(), 1, Integer::sum);
    }
    return executed;
  }

  private void judgeCall(String name, RetailScript script, Expected expected, Optional<Told> told) {
    if (expected.result().isPresent() && told.filter(expected::isMetBy).isEmpty()) {
      resultsWrong.add(List.of(script.id(), expected.call().id()));
      fault(
          name,
          "call %s of %s gave %s, recorded is %s"
              .formatted(
                  expected.call().id(),
                  expected.call().tool(),
                  shortened(told.map(Told::text).orElse("nothing")),
                  shortened(expected.result().get())));
    }
  }

  private void judgeLedger(
      String name,
      RetailScript script,
      Expected expected,
      Map<String, Told> told,
      Map<String, Integer> executed) {
    String id = expected.call().id();
    int times = executed.getOrDefault(id, 0);
    if (times > 1) {
      duplicates += times - 1;
      repeated.add(List.of(name, id));
      fault(name, "call %s of %s was executed %d times".formatted(id, script.id(), times));
    }
    boolean isTold = told.containsKey(id) && !told.get(id).isRefused();
    if (times == 0 && expected.call().isWriting() && isTold) {
      lost++;
      fault(name, "call %s has a result, but the shop never executed it".formatted(id));
    }
  }

  private static String shortened(String text) {
    return text.length() <= 120 ? text : text.substring(0, 120) + "…";
  }

  /** Keeps a complaint, if it is one of the first. */
  synchronized void fault(String name, String what) {
    if (faults.size() < FAULTS_SHOWN_MAX) {
      faults.add(name + ": " + what);
    }
  }

  synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  synchronized int executions() {
    return executions;
  }

  /** How many executions ended in the recorded state. */
  synchronized int statesEqual() {
    return statesEqual;
  }

  /** Recorded runs of which an execution ended in another state, or not at all. */
  synchronized int runsWrong() {
    return statesWrong.size();
  }

  /** Recorded calls of which an execution gave another result, or none. */
  synchronized int callsWrong() {
    return resultsWrong.size();
  }

  /** Executions of a call beyond its first. */
  synchronized int duplicates() {
    return duplicates;
  }

  /** Calls, each of one execution, that the shop executed more than once. */
  synchronized int callsRepeated() {
    return repeated.size();
  }

  /** Calls with a result that never reached the shop. */
  synchronized int lost() {
    return lost;
  }
}

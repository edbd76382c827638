package dev.holdfast.bench;

import dev.holdfast.examples.RetailCall;
import dev.holdfast.examples.RetailLedger;
import dev.holdfast.examples.RetailWorld;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Settles doubts as a person at the shop would: looks into the shop's own books for an execution of
 * that call that no other step of the run accounts for.
 */
record RetailPerson(RetailWorld world, List<Recorded> journal, Function<Object, Payload> encode) {
  static final String NAME = "shop-keeper";

  Verdict settle(StepPath doubted) {
    Map<StepPath, RetailCall> asked = new HashMap<>();
    Set<StepPath> done = new HashSet<>();
    for (Recorded recorded : journal) {
      if (recorded.entry() instanceof Entry.EffectIntended intended) {
        asked.put(intended.path(), call(intended));
      } else if (recorded.entry() instanceof Entry.EffectSucceeded succeeded) {
        done.add(succeeded.path());
      } else if (recorded.entry() instanceof Entry.DoubtSettled settled
          && settled.verdict() instanceof Verdict.Happened) {
        done.add(settled.path());
      }
    }
    RetailCall wanted = asked.get(doubted);
    if (wanted == null) {
      throw new IllegalStateException("No intent is recorded of the doubted step " + doubted + ".");
    }
    long accounted =
        done.stream().filter(asked::containsKey).filter(p -> same(asked, p, wanted)).count();
    List<RetailLedger.Row> executed = new ArrayList<>(world.ledger());
    executed.removeIf(row -> !row.call().asksFor(wanted));
    return executed.size() > accounted
        ? new Verdict.Happened(encode.apply(executed.get((int) accounted).result()))
        : new Verdict.DidNotHappen();
  }

  private static boolean same(Map<StepPath, RetailCall> asked, StepPath path, RetailCall wanted) {
    RetailCall other = asked.get(path);
    return other != null && other.asksFor(wanted);
  }

  private static RetailCall call(Entry.EffectIntended entry) {
    return new RetailCall("unknown", entry.path().name(), entry.call().input().text());
  }
}

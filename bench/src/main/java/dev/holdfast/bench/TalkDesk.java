package dev.holdfast.bench;

import dev.holdfast.journal.IdempotencyKey;
import java.util.HashMap;
import java.util.Map;

/** The tools of a recorded conversation, which keep a ledger of what really reached them. */
final class TalkDesk {
  private static final int LOOKS = 4;

  private final Map<String, Integer> entries = new HashMap<>();
  private final Map<IdempotencyKey, String> answered = new HashMap<>();
  private int looks;

  /** A tool that knows a repeat by its key. */
  String keyed(IdempotencyKey key, TalkCase.Call call) {
    return answered.computeIfAbsent(key, fresh -> opaque(key, call));
  }

  /** A tool that does it each time it is asked. */
  String opaque(IdempotencyKey key, TalkCase.Call call) {
    entries.merge(call.id(), 1, Integer::sum);
    return call.answer();
  }

  /** How often that call was really done. */
  int timesDone(String call) {
    return entries.getOrDefault(call, 0);
  }

  /** Whether somebody who looks now sees all that was on its way. */
  boolean isSettledNow() {
    looks = (looks + 1) % LOOKS;
    return looks == 0;
  }
}

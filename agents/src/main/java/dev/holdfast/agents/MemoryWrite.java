package dev.holdfast.agents;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.KnownFailure;
import dev.langchain4j.memory.ChatMemory;
import java.util.List;

/**
 * Writes a call's messages into the user's chat memory, where it is as the call found it, and
 * recognises its own earlier write.
 *
 * <p>A memory may drop messages as it sees fit, so that an earlier write is known by this: the
 * memory holds some of the messages, in their order, and the last of them.
 *
 * @param before what the call found
 * @param isFromElsewhere whether it found that in another process, whose heap is gone
 */
record MemoryWrite(Snapshot before, boolean isFromElsewhere) {
  String perform(ChatMemory memory, MemoryChange change) {
    List<String> after = change.after(before);
    List<String> now = Messages.write(memory.messages());
    if (Messages.digest(now).equals(change.before())) {
      write(memory, after);
      return "written";
    }
    if (!now.isEmpty()
        && !after.isEmpty()
        && now.getLast().equals(after.getLast())
        && isPart(now, after)) {
      return "written before";
    }
    if (isOurs(now, after) || isLost(memory, now)) {
      write(memory, after);
      return "written anew";
    }
    throw conflict(change.memory(), now.size());
  }

  private KnownFailure conflict(String memory, int now) {
    return KnownFailure.rejected(
        Durable.MEMORY_CONFLICT,
        ("Chat memory '%s' held %d messages when this run came to it and holds %d others now. It is"
                + " left as it is, without this run's messages. Start a new run.")
            .formatted(memory, before.messages().size(), now));
  }

  private static void write(ChatMemory memory, List<String> after) {
    if (after.isEmpty()) {
      memory.clear();
    } else {
      memory.set(Messages.read(after));
    }
  }

  /** A write that was cut short: some memories are cleared first and then filled one by one. */
  private static boolean isOurs(List<String> now, List<String> after) {
    boolean isRepeat = Effect.attempt().filter(attempt -> attempt.number() > 1).isPresent();
    return isRepeat && now.size() < after.size() && now.equals(after.subList(0, now.size()));
  }

  /** A memory in the heap went down with its process; the journal still has what it held. */
  private boolean isLost(ChatMemory memory, List<String> now) {
    return isFromElsewhere && now.isEmpty() && HeapMemory.holds(memory);
  }

  private static boolean isPart(List<String> part, List<String> whole) {
    int found = 0;
    for (String each : whole) {
      if (found < part.size() && part.get(found).equals(each)) {
        found++;
      }
    }
    return found == part.size();
  }
}

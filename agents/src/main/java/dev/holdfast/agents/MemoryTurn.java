package dev.holdfast.agents;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.RetryPolicy;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.memory.ChatMemory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call's use of one chat memory: a journaled snapshot at its beginning, a copy meanwhile, one
 * write at its end.
 *
 * <p>Calls that use the same memory in this process go one after another. Whoever changes it
 * besides, from another process or while this run waited, is noticed by the write, which then
 * leaves the memory alone.
 */
final class MemoryTurn {
  private static final Duration SLICE = Duration.ofSeconds(10);
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final int SLICES_MAX = 900;

  private final AdoptedCall call;
  private final MemoryKeeper keeper;
  private final Object id;
  private final Duration slice;
  private final int slices;
  private @Nullable Snapshot snapshot;
  private @Nullable Overlay overlay;
  private volatile boolean closed;

  MemoryTurn(AdoptedCall call, MemoryKeeper keeper, Object id) {
    this.call = call;
    this.keeper = keeper;
    this.id = id;
    Duration wait = call.agent().adoption().memoryWait();
    Duration least = wait.compareTo(SLICE) < 0 ? wait : SLICE;
    Duration even = wait.dividedBy(SLICES_MAX);
    this.slice = even.compareTo(least) > 0 ? even : least;
    this.slices = (int) Math.max(1, wait.dividedBy(slice));
  }

  /** The copy; made when the call first asks for it. */
  ChatMemory open() {
    if (overlay == null) {
      Snapshot taken = call.run().effect("open", String.valueOf(id), taking());
      keeper.turns().reenter(key(), this);
      snapshot = taken;
      overlay = new Overlay(id, Messages.read(taken.messages()));
      overlay.messages().forEach(call.transcript()::know);
    }
    return overlay;
  }

  private Effect<String, Snapshot> taking() {
    var retry =
        RetryPolicy.DEFAULT.attempts(slices).delays(Duration.ofMillis(1), Duration.ofMillis(10));
    return Effect.<String, Snapshot>read(Snapshot.class, asked -> take())
        .kind("memory")
        .timeout(slice.plus(GRACE))
        .retry(retry)
        .classify(new ToolFailures(List.of(), thrown -> Optional.empty()));
  }

  /** Memories of one id are one memory, whatever the agent calls it. */
  private Object key() {
    return Optional.ofNullable(keeper.memory(id).id()).orElse(id);
  }

  private Snapshot take() throws InterruptedException {
    Object key = key();
    boolean isFirst = keeper.turns().enter(key, this, slice);
    if (closed) {
      keeper.turns().leave(key, this);
    }
    if (!isFirst) {
      throw KnownFailure.tryLater(
          "memory-busy",
          "Another run still uses this chat memory. It is asked again until memoryWait is over.",
          Optional.empty());
    }
    keeper.see(key);
    return Snapshot.of(keeper.memory(id).messages());
  }

  /** Writes the copy back, once in the life of the run, where the call changed it. */
  void commit() {
    if (snapshot == null || overlay == null) {
      return;
    }
    Snapshot before = snapshot;
    List<ChatMessage> after = Messages.read(Snapshot.of(overlay.messages()).messages());
    if (before.repaired() > 0 || !Messages.write(after).equals(before.messages())) {
      write(before, after);
    }
  }

  private void write(Snapshot before, List<ChatMessage> after) {
    MemoryChange change =
        call.run()
            .step(
                "memory",
                MemoryChange.class,
                () -> MemoryChange.of(String.valueOf(id), before, after));
    var write = new MemoryWrite(before, !keeper.hasSeen(key()));
    Effect<MemoryChange, String> writing =
        Effect.<MemoryChange, String>idempotent(
                String.class, asked -> write.perform(keeper.memory(id), asked))
            .kind("memory")
            .classify(new ToolFailures(List.of(), thrown -> Optional.empty()));
    call.run().effect("commit", change, writing);
  }

  /** Lets the next one to the memory. */
  void close() {
    closed = true;
    keeper.turns().leave(key(), this);
  }
}

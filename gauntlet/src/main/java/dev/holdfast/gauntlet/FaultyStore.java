package dev.holdfast.gauntlet;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.Reservation;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.testing.ForwardingJournal;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A store whose disk is full, that cannot be reached, or that fails for good, as long as a test
 * says so; in real time, for {@code Engine.over}. Safe for many threads.
 */
public final class FaultyStore extends ForwardingJournal {
  private enum State {
    WELL,
    FULL,
    AWAY,
    FAILED
  }

  private final Deque<CompletableFuture<Void>> held = new ArrayDeque<>();
  private State state = State.WELL;

  private FaultyStore(Journal real) {
    super(real);
  }

  /** A store that does what that one does until something strikes. */
  public static FaultyStore over(Journal real) {
    return new FaultyStore(real);
  }

  /**
   * Lets a fault strike, until {@link #recover} where that is possible.
   *
   * @param fault {@link Fault#DISK_FULL}: writes wait, starts and messages are refused, reads go
   *     on; {@link Fault#STORE_AWAY}: reads are refused, too; {@link Fault#COMMIT_FAILED}: every
   *     call fails for good
   * @throws IllegalArgumentException where it is another
   */
  public synchronized void strike(Fault fault) {
    State struck =
        switch (fault) {
          case DISK_FULL -> State.FULL;
          case STORE_AWAY -> State.AWAY;
          case COMMIT_FAILED -> State.FAILED;
          default ->
              throw new IllegalArgumentException(
                  "%s is none of disk-full, store-away and commit-failed.".formatted(fault.word()));
        };
    state = state == State.FAILED ? State.FAILED : struck;
    while (state == State.FAILED && !held.isEmpty()) {
      held.remove().completeExceptionally(failed());
    }
  }

  /** Ends what can end: what was held is written, in its order. */
  public void recover() {
    synchronized (this) {
      if (state == State.FAILED) {
        return;
      }
      state = State.WELL;
      while (!held.isEmpty()) {
        held.remove().complete(null);
      }
    }
  }

  private <T> CompletableFuture<T> write(Supplier<CompletableFuture<T>> write) {
    synchronized (this) {
      if (state == State.FAILED) {
        return CompletableFuture.failedFuture(failed());
      }
      if (state != State.WELL) {
        var room = new CompletableFuture<Void>();
        held.add(room);
        return room.thenCompose(now -> write.get());
      }
    }
    return write.get();
  }

  private <T> CompletableFuture<T> accept(Supplier<CompletableFuture<T>> write) {
    synchronized (this) {
      if (state == State.FAILED) {
        return CompletableFuture.failedFuture(failed());
      }
      if (state != State.WELL) {
        return CompletableFuture.failedFuture(
            new StoreFailed.Unavailable("The store takes nothing for now. Try again."));
      }
    }
    return write.get();
  }

  private <T> T read(Supplier<T> read) {
    synchronized (this) {
      if (state == State.FAILED) {
        throw failed();
      }
      if (state == State.AWAY) {
        throw new StoreFailed.Unavailable("The store cannot be reached. Try again.");
      }
    }
    return read.get();
  }

  private static StoreFailed failed() {
    return new StoreFailed("A flush failed. Restart the process after a look at the disk.");
  }

  @Override
  public CompletableFuture<Start> start(NewRun run) {
    return accept(() -> super.start(run));
  }

  @Override
  public CompletableFuture<Start> startClaimed(NewRun run) {
    return accept(() -> super.startClaimed(run));
  }

  @Override
  public CompletableFuture<Void> send(RunId run, Message message) {
    return accept(() -> super.send(run, message));
  }

  @Override
  public CompletableFuture<List<Claim>> claim(
      Set<WorkflowKey> workflows, Instant now, int countMax) {
    return accept(() -> super.claim(workflows, now, countMax));
  }

  @Override
  public CompletableFuture<Optional<Claim>> claim(RunId run, Instant now) {
    return accept(() -> super.claim(run, now));
  }

  @Override
  public CompletableFuture<Void> register(Queue queue) {
    return accept(() -> super.register(queue));
  }

  @Override
  public CompletableFuture<Void> settle(Fact settled) {
    return accept(() -> super.settle(settled));
  }

  /** A lease is kept without room on the disk. */
  @Override
  public CompletableFuture<Void> lease(RunId run, long epoch) {
    try {
      return read(() -> super.lease(run, epoch));
    } catch (StoreFailed away) {
      return CompletableFuture.failedFuture(away);
    }
  }

  @Override
  public CompletableFuture<Void> append(Append append) {
    return write(() -> super.append(append));
  }

  @Override
  public CompletableFuture<Entry> reserve(Reservation reservation) {
    return write(() -> super.reserve(reservation));
  }

  @Override
  public Optional<RunState> find(RunId run) {
    return read(() -> super.find(run));
  }

  @Override
  public List<Recorded> entries(RunId run, long fromSequence, int countMax) {
    return read(() -> super.entries(run, fromSequence, countMax));
  }

  @Override
  public Optional<Recorded> last(RunId run) {
    return read(() -> super.last(run));
  }

  @Override
  public List<RunState> runs(Set<Status> statuses, int offset, int countMax) {
    return read(() -> super.runs(statuses, offset, countMax));
  }

  @Override
  public List<Message.Mail> mail(RunId run) {
    return read(() -> super.mail(run));
  }

  @Override
  public List<RunId> executingWithMail() {
    return read(super::executingWithMail);
  }

  @Override
  public Instant nextReady() {
    return read(super::nextReady);
  }

  @Override
  public Optional<Fact> fact(String name) {
    return read(() -> super.fact(name));
  }

  @Override
  public List<Fact> facts(Fact.State state, int countMax) {
    return read(() -> super.facts(state, countMax));
  }

  @Override
  public Optional<Queue.Load> load(String queue) {
    return read(() -> super.load(queue));
  }

  @Override
  public Optional<Payload> sessionState(String session) {
    return read(() -> super.sessionState(session));
  }

  @Override
  public int behind(RunId run) {
    return read(() -> super.behind(run));
  }
}

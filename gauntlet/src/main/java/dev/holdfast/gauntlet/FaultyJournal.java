package dev.holdfast.gauntlet;

import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.testing.ForwardingJournal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A process's store, which is away in an outage, and through which people send messages. */
final class FaultyJournal extends ForwardingJournal {
  private final Outage outage;
  private final People people;
  private final Map<RunId, Long> epochs = new ConcurrentHashMap<>();

  FaultyJournal(Journal real, Outage outage, People people) {
    super(real);
    this.outage = outage;
    this.people = people;
  }

  @Override
  public CompletableFuture<Void> send(RunId run, Message message) {
    try {
      outage.checkWriting();
    } catch (StoreFailed away) {
      return CompletableFuture.failedFuture(away);
    }
    return people.isActing()
        ? people.send(run, () -> super.send(run, message))
        : super.send(run, message);
  }

  /** Whether another process has claimed a run since this one last wrote of it. */
  boolean hasLost(RunId run) {
    long current = super.find(run).orElseThrow().epoch();
    return epochs.getOrDefault(run, current) < current;
  }

  @Override
  public CompletableFuture<Void> append(Append append) {
    epochs.merge(append.run(), append.epoch(), Math::max);
    return super.append(append);
  }

  @Override
  public Optional<RunState> find(RunId run) {
    outage.checkReading();
    return super.find(run);
  }

  @Override
  public List<Recorded> entries(RunId run, long fromSequence, int countMax) {
    outage.checkReading();
    return super.entries(run, fromSequence, countMax);
  }

  @Override
  public Optional<Recorded> last(RunId run) {
    outage.checkReading();
    return super.last(run);
  }

  @Override
  public List<RunState> runs(Set<Status> statuses, int offset, int countMax) {
    outage.checkReading();
    return super.runs(statuses, offset, countMax);
  }

  @Override
  public List<Message.Mail> mail(RunId run) {
    outage.checkReading();
    return super.mail(run);
  }

  @Override
  public List<RunId> executingWithMail() {
    outage.checkReading();
    return super.executingWithMail();
  }

  @Override
  public Instant nextReady() {
    outage.checkReading();
    return super.nextReady();
  }
}

package dev.holdfast.testing;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Another journal, each method of which passes on to it: override where a test wants something to
 * go wrong. As safe for threads as the other.
 */
public class ForwardingJournal implements Journal {
  private final Journal real;

  /** Passes on to that one. */
  public ForwardingJournal(Journal real) {
    this.real = real;
  }

  @Override
  public CompletableFuture<Start> start(NewRun run) {
    return real.start(run);
  }

  @Override
  public CompletableFuture<Start> startClaimed(NewRun run) {
    return real.startClaimed(run);
  }

  @Override
  public CompletableFuture<List<Claim>> claim(
      Set<WorkflowKey> workflows, Instant now, int countMax) {
    return real.claim(workflows, now, countMax);
  }

  @Override
  public CompletableFuture<Void> append(Append append) {
    return real.append(append);
  }

  @Override
  public CompletableFuture<Entry> reserve(Reservation reservation) {
    return real.reserve(reservation);
  }

  @Override
  public CompletableFuture<Optional<Claim>> claim(RunId run, Instant now) {
    return real.claim(run, now);
  }

  @Override
  public CompletableFuture<Void> lease(RunId run, long epoch) {
    return real.lease(run, epoch);
  }

  @Override
  public Duration leaseTtl() {
    return real.leaseTtl();
  }

  @Override
  public List<RunId> executingWithMail() {
    return real.executingWithMail();
  }

  @Override
  public CompletableFuture<Void> settle(Fact settled) {
    return real.settle(settled);
  }

  @Override
  public Optional<Fact> fact(String name) {
    return real.fact(name);
  }

  @Override
  public List<Fact> facts(Fact.State state, int countMax) {
    return real.facts(state, countMax);
  }

  @Override
  public CompletableFuture<Void> send(RunId run, Message message) {
    return real.send(run, message);
  }

  @Override
  public Instant nextReady() {
    return real.nextReady();
  }

  @Override
  public Optional<RunState> find(RunId run) {
    return real.find(run);
  }

  @Override
  public List<Recorded> entries(RunId run, long fromSequence, int countMax) {
    return real.entries(run, fromSequence, countMax);
  }

  @Override
  public Optional<Recorded> last(RunId run) {
    return real.last(run);
  }

  @Override
  public List<RunState> runs(Set<Status> statuses, int offset, int countMax) {
    return real.runs(statuses, offset, countMax);
  }

  @Override
  public List<Message.Mail> mail(RunId run) {
    return real.mail(run);
  }

  @Override
  public CompletableFuture<Void> register(Queue queue) {
    return real.register(queue);
  }

  @Override
  public Optional<Queue.Load> load(String queue) {
    return real.load(queue);
  }

  @Override
  public Optional<Payload> sessionState(String session) {
    return real.sessionState(session);
  }

  @Override
  public int behind(RunId run) {
    return real.behind(run);
  }

  @Override
  public String location() {
    return real.location();
  }

  @Override
  public void abandon() {
    real.abandon();
  }

  @Override
  public void close() {
    real.close();
  }
}

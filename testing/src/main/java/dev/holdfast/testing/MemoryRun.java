package dev.holdfast.testing;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One run in memory with everything that was recorded of it; guarded by its storage's lock. */
final class MemoryRun {
  final NewRun start;
  final long number;
  final List<Recorded> entries = new ArrayList<>();
  final List<Message.Mail> mail = new ArrayList<>();
  Status status = Status.READY;
  long epoch;
  long owner;
  int deaths;
  List<Claim.Gap> gaps = List.of();
  Optional<Instant> readyAt;
  Optional<String> awaits = Optional.empty();
  Instant changedAt;

  MemoryRun(NewRun start, long number) {
    this.start = start;
    this.number = number;
    this.readyAt = Optional.of(start.readyAt());
    this.changedAt = start.at();
    for (Entry entry : start.entries()) {
      entries.add(new Recorded(entries.size(), 0, start.at(), entry));
    }
  }

  RunState state() {
    return new RunState(
        start.id(),
        start.workflow().name(),
        start.workflow().version(),
        status,
        epoch,
        readyAt,
        start.at(),
        changedAt,
        start.inputDigest(),
        start.queue(),
        start.session());
  }

  Claim claim(long claimer, Instant now, boolean isOwnerDead) {
    epoch++;
    deaths = isOwnerDead ? deaths + 1 : 0;
    owner = claimer;
    stand(Status.EXECUTING, Optional.empty(), now);
    return new Claim(start.id(), start.workflow(), epoch, entries.size(), deaths, gaps);
  }

  void append(Append append, MemoryLedger ledger) {
    append.entries().forEach(entry -> record(entry, append.at()));
    mail.removeIf(waiting -> append.consumed().contains(waiting.number()));
    gaps = append.gaps().orElse(gaps);
    append.release().ifPresent(release -> release(release, append.at(), ledger));
  }

  void record(Entry entry, Instant at) {
    entries.add(new Recorded(entries.size(), epoch, at, entry));
    deaths = entry.isOutcome() ? 0 : deaths;
  }

  /** So many entries from that sequence on, or as many as there are. */
  List<Recorded> page(long from, int countMax) {
    int begin = (int) Math.min(from, entries.size());
    int count = Math.min(countMax, entries.size() - begin);
    return List.copyOf(entries.subList(begin, begin + count));
  }

  /** Whether a message makes it ready at that time. */
  boolean isWokenBy(Message message, Instant at) {
    return switch (status) {
      case EXECUTING -> false;
      case READY -> message.endsTheRun() && readyAt.filter(at::isBefore).isPresent();
      case WAITING, AWAITING_APPROVAL, IN_DOUBT, QUARANTINED -> true;
      case COMPLETED, TRUNCATED -> message.reopens(status);
      case FAILED, CANCELLED, COMPENSATED ->
          throw new IllegalStateException("Run %s has ended.".formatted(start.id()));
    };
  }

  /** Makes it claimable from that time on. */
  void ready(Instant at) {
    stand(Status.READY, Optional.of(at), at);
  }

  /** Gives it its turn at that time; a delay counts on. */
  void haveTurn(Instant at) {
    stand(Status.READY, Optional.of(start.readyAt().isAfter(at) ? start.readyAt() : at), at);
  }

  /** Makes it wait for its turn in its session. */
  void awaitTurn(Instant at) {
    stand(Status.READY, Optional.empty(), at);
  }

  private void stand(Status changed, Optional<Instant> ready, Instant at) {
    status = changed;
    readyAt = ready;
    changedAt = at;
    awaits = Optional.empty();
  }

  /** Whether somebody may claim it now or later. */
  boolean isClaimable(MemoryWorkers workers) {
    return isOrphan(workers) || (status != Status.EXECUTING && readyAt.isPresent());
  }

  Instant claimableFrom() {
    return readyAt.orElse(Instant.MIN);
  }

  private boolean isOrphan(MemoryWorkers workers) {
    return status == Status.EXECUTING && !workers.isAlive(owner);
  }

  private void release(Release release, Instant at, MemoryLedger ledger) {
    owner = 0;
    deaths = 0;
    if (release.status().isEnded()) {
      stand(release.status(), release.readyAt(), at);
    } else if (!mail.isEmpty()
        || release.awaits().filter(fact -> !ledger.await(fact, this)).isPresent()) {
      ready(at);
    } else {
      stand(release.status(), release.readyAt(), at);
      awaits = release.awaits();
    }
  }
}

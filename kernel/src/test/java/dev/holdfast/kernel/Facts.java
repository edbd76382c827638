package dev.holdfast.kernel;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A journal written by hand: one entry a second, under the epoch of the last claim. */
final class Facts {
  static final Instant START = Instant.parse("2024-05-01T12:00:00Z");
  static final StepPath PATH = new StepPath("effect:e#0");
  static final Payload RESULT = new Payload("\"result\"");
  static final Failure NOT_SENT = new Failure.NotSent("connect", "refused");
  static final Failure REJECTED = new Failure.Rejected("402", "no funds");
  static final Failure TRANSIENT = new Failure.Transient("429", "busy", Optional.empty());
  static final Failure UNKNOWN = new Failure.Unknown("reset", "lost");

  private final List<Recorded> written = new ArrayList<>();
  private long epoch = 1;

  /** When the n-th entry was written. */
  static Instant at(int sequence) {
    return START.plusSeconds(sequence);
  }

  Facts write(Entry entry) {
    if (entry instanceof Entry.RunClaimed) {
      epoch++;
    }
    written.add(new Recorded(written.size(), epoch, at(written.size()), entry));
    return this;
  }

  Facts intended(Contract contract) {
    return intended(PATH, contract, Optional.empty());
  }

  Facts intended(StepPath path, Contract contract, Optional<Intent> intent) {
    return write(new Entry.EffectIntended(path, call(contract), new IdempotencyKey("key"), intent));
  }

  Facts attempt(int number) {
    return write(new Entry.AttemptStarted(PATH, number));
  }

  Facts failed(int attempt, Failure failure) {
    return write(
        new Entry.AttemptFailed(
            PATH, attempt, failure, at(written.size()).plus(Duration.ofMillis(100))));
  }

  Facts gaveUp(Failure failure, int attempts) {
    return write(new Entry.EffectGaveUp(PATH, failure, attempts));
  }

  Facts succeeded() {
    return write(new Entry.EffectSucceeded(PATH, RESULT, Entry.Origin.FRESH));
  }

  Facts doubted(DoubtPolicy policy) {
    return write(new Entry.EffectDoubted(PATH, "no answer", policy));
  }

  Facts settled(Verdict verdict) {
    return write(new Entry.DoubtSettled(PATH, verdict, "ann", "looked"));
  }

  Facts claimed() {
    return write(new Entry.RunClaimed("w"));
  }

  Facts quarantined() {
    return write(new Entry.RunQuarantined("halt", Optional.of(PATH)));
  }

  Facts resumed() {
    return write(new Entry.RunResumed("ann", "fixed"));
  }

  static Entry.Call call(Contract contract) {
    return new Entry.Call(contract, "digest", new Payload("\"in\""));
  }

  List<Recorded> entries() {
    return List.copyOf(written);
  }

  History history() {
    var history = new History();
    written.forEach(history::apply);
    return history;
  }

  /** The one step that most stories are about. */
  StepHistory step() {
    return history().find(PATH).orElseGet(() -> new StepHistory(PATH));
  }
}

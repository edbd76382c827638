package dev.holdfast.kernel;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Start;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** Runs whose code only their caller has: executed on its thread, claimed by nobody else. */
final class Attached {
  /** What such runs execute by name; no workflow may be registered under it. */
  static final String WORKFLOW = "attached";

  private final Parts parts;
  private final Client client;
  private final BiConsumer<Workflow<?, ?>, Claim> execute;
  private final Set<RunId> inside = ConcurrentHashMap.newKeySet();

  Attached(Parts parts, Client client, BiConsumer<Workflow<?, ?>, Claim> execute) {
    this.parts = parts;
    this.client = client;
    this.execute = execute;
  }

  /** Whether only its caller can execute that run. */
  static boolean is(RunState state) {
    return state.workflow().equals(WORKFLOW);
  }

  <T> T call(Workflow<String, T> workflow, String id, Duration atMost) {
    if (Run.current().isPresent()) {
      throw new IllegalStateException(
          "Run %s was asked for inside of run %s. Call it outside, or use the run that is there."
              .formatted(id, Run.current().get().id()));
    }
    NewRun run = client.newRun(workflow, id, "");
    if (!inside.add(run.id())) {
      throw new RunException.RunBusy(
          "Run %s: another thread is inside a call of it. Wait for that one, or choose another id."
              .formatted(id));
    }
    CompletableFuture<Void> timeIsUp = parts.watch().doneAfter(atMost);
    try {
      return carryOn(workflow, run, begin(run), atMost, timeIsUp);
    } finally {
      timeIsUp.complete(null);
      inside.remove(run.id());
    }
  }

  private Optional<Claim> begin(NewRun run) {
    Start start = Client.await(parts.journal().startClaimed(run));
    client.accepted(run, start);
    return switch (start) {
      case Start.Fresh fresh -> fresh.claim();
      case Start.Existing existing -> again(existing.state());
      case Start.Deduplicated none -> throw unasked(run, start);
      case Start.Gone none -> throw unasked(run, start);
      case Start.QueueFull none -> throw unasked(run, start);
      case Start.QueueUnknown none -> throw unasked(run, start);
    };
  }

  private Optional<Claim> again(RunState existing) {
    if (existing.status() == Status.QUARANTINED) {
      client.resume(existing.id().text(), "caller", "called again");
    }
    return claim(existing.id());
  }

  private static IllegalStateException unasked(NewRun run, Start start) {
    return new IllegalStateException(
        "Run %s goes through no queue, yet the store answered %s.".formatted(run.id(), start));
  }

  private Optional<Claim> claim(RunId run) {
    return Client.await(parts.journal().claim(run, parts.settings().clock().now()));
  }

  /** Executes whenever the run is ready; in between it waits, as far as the call has time. */
  private <T> T carryOn(
      Workflow<String, T> workflow,
      NewRun run,
      Optional<Claim> first,
      Duration atMost,
      CompletableFuture<Void> timeIsUp) {
    Handle<T> handle = client.handle(run.id(), workflow.outputType());
    Optional<Claim> claim = first;
    while (true) {
      claim.ifPresent(claimed -> execute.accept(workflow, claimed));
      Outcome<T> outcome = handle.outcome();
      boolean goesOn = outcome instanceof Outcome.Waiting<T> && !timeIsUp.isDone();
      if (!goesOn || handle.isInterruptedWhileWaiting(timeIsUp)) {
        return handle.result(outcome, atMost);
      }
      claim = claim(run.id());
    }
  }
}

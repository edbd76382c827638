package dev.holdfast.gauntlet;

import dev.holdfast.gauntlet.Schedule.Moment;
import dev.holdfast.gauntlet.Schedule.Place;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.testing.Baton;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Those who send messages to runs, and what befalls their messages. */
final class People {
  private static final Duration LATE = Duration.ofDays(2);
  private static final Duration OVERTAKEN = Duration.ofHours(1);
  private static final Set<Fault.Group> HERE = EnumSet.of(Fault.Group.MESSAGES, Fault.Group.PEOPLE);

  private final Baton baton;
  private final Strikes strikes;
  private final Map<RunId, Instant> silentUntil = new HashMap<>();
  private int sent;
  private boolean isActing;
  private boolean isRepeating;

  People(Baton baton, Strikes strikes) {
    this.baton = baton;
    this.strikes = strikes;
  }

  boolean isActing() {
    return isActing;
  }

  /** How many messages they have sent. */
  int sent() {
    return sent;
  }

  /** Lets them see to a run, once or twice. */
  void act(RunId run, Runnable attend) {
    if (baton.now().isBefore(silentUntil.getOrDefault(run, Instant.MIN))) {
      return;
    }
    isActing = true;
    isRepeating = false;
    try {
      attend.run();
      if (isRepeating) {
        attend.run();
      }
    } finally {
      isActing = false;
    }
  }

  /** Sends a message as badly as a fault says. */
  CompletableFuture<Void> send(RunId run, Supplier<CompletableFuture<Void>> send) {
    sent++;
    Place place = strikes.arrive(Moment.BEFORE_MESSAGE, run, StepPath.ROOT);
    return strikes.take(place, HERE).map(fault -> send(fault, run, send)).orElseGet(send);
  }

  private CompletableFuture<Void> send(
      Fault fault, RunId run, Supplier<CompletableFuture<Void>> send) {
    return switch (fault) {
      case DUPLICATED -> send.get().thenCompose(first -> send.get());
      case ACKNOWLEDGEMENT_LOST -> {
        isRepeating = true;
        yield send.get().thenCompose(first -> lost("The connection broke. Send it again."));
      }
      case LATE -> {
        silentUntil.put(run, baton.now().plus(LATE));
        yield later(LATE, send);
      }
      case OVERTAKEN -> later(OVERTAKEN, send);
      case NOBODY_ANSWERS -> {
        silentUntil.put(run, Instant.MAX);
        yield lost("Nobody is there any more.");
      }
      case TWO_ANSWER -> {
        isRepeating = true;
        yield send.get();
      }
      default -> throw new IllegalArgumentException(fault.word() + " befalls no message.");
    };
  }

  private static CompletableFuture<Void> lost(String why) {
    return CompletableFuture.failedFuture(new StoreFailed.Unavailable(why));
  }

  /** It is on its way, which is all that its sender knows. */
  private CompletableFuture<Void> later(Duration delay, Supplier<CompletableFuture<Void>> send) {
    baton
        .scheduler("post")
        .start(
            "message",
            () -> {
              baton.sleepAnyway(delay);
              var unused = send.get(); // a letter that nobody waits for
            });
    return CompletableFuture.completedFuture(null);
  }
}

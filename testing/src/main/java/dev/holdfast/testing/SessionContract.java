package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Start;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The laws of sessions: one run of a key at a time, in the order in which they were accepted. */
abstract class SessionContract extends QueueContract {
  private static final Payload STATE = new Payload("{\"seen\":1}");

  private void accept(String id, String session) {
    assertThat(done(journal.start(inSession(id, session)))).isInstanceOf(Start.Fresh.class);
  }

  private Claim only(Instant at) {
    List<Claim> claims = claims(at, 100);
    assertThat(claims).hasSize(1);
    return claims.get(0);
  }

  private void stand(Claim claim, Status status) {
    done(journal.append(releasing(claim, status, Optional.empty())));
  }

  private Append handingOn(Claim claim, Status status, Payload state) {
    return releasing(
        claim,
        List.of(),
        new Release(status, Optional.empty(), Optional.empty(), Optional.of(state)));
  }

  @Test
  void onlyTheFirstOfASessionIsReady() {
    accept("a", "s");
    accept("b", "s");

    assertThat(state(new RunId("a")).readyAt()).contains(now);
    assertThat(state(new RunId("b")).readyAt()).isEmpty();
    assertThat(state(new RunId("b")).status()).isEqualTo(Status.READY);
    assertThat(state(new RunId("b")).session()).contains("s");
    assertThat(only(now).run().text()).isEqualTo("a");
    assertThat(done(journal.claim(new RunId("b"), now.plusSeconds(9)))).isEmpty();
    assertThat(journal.nextReady()).isEqualTo(Instant.MAX);
  }

  @Test
  void sessionsDoNotHoldEachOtherUp() {
    accept("a", "s");
    accept("b", "t");
    done(journal.start(newRun("free")));

    assertThat(claimable(now)).containsExactlyInAnyOrder("a", "b", "free");
  }

  @Test
  void everyEndGivesTheTurnToTheNextInTheOrderOfTheStarts() {
    List<Status> ends =
        List.of(Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.TRUNCATED);
    for (int i = 0; i < 5; i++) {
      accept("r-" + i, "s");
    }
    for (int i = 0; i < 4; i++) {
      Claim claim = only(now);
      assertThat(claim.run().text()).isEqualTo("r-" + i);
      stand(claim, ends.get(i));
      assertThat(state(new RunId("r-" + (i + 1))).readyAt()).contains(now);
    }

    assertThat(only(now).run().text()).isEqualTo("r-4");
  }

  @Test
  void whatHasNotEndedKeepsTheTurn() {
    for (Status status : EnumSet.of(Status.WAITING, Status.IN_DOUBT, Status.QUARANTINED)) {
      accept("holder " + status, status.name());
      accept("next " + status, status.name());
      stand(only(now), status);

      assertThat(claims(now.plusSeconds(9), 100)).as(status.name()).isEmpty();
      assertThat(journal.behind(new RunId("holder " + status))).isEqualTo(1);
      assertThat(journal.behind(new RunId("next " + status))).isZero();
    }
  }

  @Test
  void aRunThatWokeUpHasItsTurnStill() {
    accept("a", "s");
    accept("b", "s");
    Claim parked = only(now);
    done(journal.append(releasing(parked, Status.WAITING, Optional.of(now.plusSeconds(5)))));

    Claim again = only(now.plusSeconds(5));
    assertThat(again.run().text()).isEqualTo("a");
    stand(again, Status.QUARANTINED);
    done(journal.send(again.run(), RESUME));

    assertThat(only(Instant.now().plusSeconds(9)).run().text()).isEqualTo("a");
  }

  @Test
  void mailDoesNotGiveATurn() {
    accept("a", "s");
    accept("b", "s");
    RunId second = new RunId("b");

    done(journal.send(second, RESUME));
    done(journal.send(second, new Message.Cancel("ann", "no")));

    assertThat(claimable(Instant.now().plusSeconds(9))).containsExactly("a");
    assertThat(state(second).readyAt()).isEmpty();
    assertThat(journal.mail(second)).hasSize(2);
    assertThat(journal.behind(new RunId("a"))).isEqualTo(1);
  }

  @Test
  void howManyWaitIsCountedForTheRunThatHasTheTurn() {
    assertThat(journal.behind(new RunId("unknown"))).isZero();
    done(journal.start(newRun("free")));
    assertThat(journal.behind(new RunId("free"))).isZero();
    for (int i = 0; i < 4; i++) {
      accept("r-" + i, "s");
    }

    assertThat(journal.behind(new RunId("r-0"))).isEqualTo(3);
    stand(claimOf("r-0"), Status.COMPLETED);
    assertThat(journal.behind(new RunId("r-0"))).isZero();
    assertThat(journal.behind(new RunId("r-1"))).isEqualTo(2);
  }

  private Claim claimOf(String id) {
    return done(journal.claim(new RunId(id), now)).orElseThrow();
  }

  @Test
  void theSameMessageIsAcceptedOnce() {
    accept("a", "s");
    assertThat(done(journal.start(inSession("a", "s")))).isInstanceOf(Start.Existing.class);
    stand(only(now), Status.COMPLETED);

    assertThat(done(journal.start(inSession("a", "s")))).isInstanceOf(Start.Existing.class);

    assertThat(claims(now.plusSeconds(9), 100)).isEmpty();
    accept("b", "s");
    assertThat(only(now).run().text()).isEqualTo("b");
  }

  @Test
  void aTruncatedRunThatIsResumedWaitsForItsTurn() {
    accept("a", "s");
    accept("b", "s");
    accept("c", "s");
    stand(only(now), Status.TRUNCATED);
    Claim second = only(now);

    done(journal.send(new RunId("a"), RESUME));
    assertThat(state(new RunId("a")).status()).isEqualTo(Status.READY);
    Instant later = Instant.now().plusSeconds(9);
    assertThat(claims(later, 100)).isEmpty();
    assertThat(journal.behind(second.run())).isEqualTo(2);
    stand(second, Status.COMPLETED);

    Claim again = only(later);
    assertThat(again.run().text()).isEqualTo("a");
    stand(again, Status.COMPLETED);
    assertThat(only(later).run().text()).isEqualTo("c");
  }

  @Test
  void aTruncatedRunIsResumedAtOnceWhereNobodyHasTheTurn() {
    accept("a", "s");
    stand(only(now), Status.TRUNCATED);

    done(journal.send(new RunId("a"), RESUME));
    accept("b", "s");

    assertThat(only(Instant.now().plusSeconds(9)).run().text()).isEqualTo("a");
  }

  @Test
  void aStateIsCommittedWithTheEndThatHandsItOn() {
    accept("a", "s");
    accept("b", "s");
    assertThat(journal.sessionState("s")).isEmpty();
    done(journal.append(handingOn(only(now), Status.COMPLETED, STATE)));
    assertThat(journal.sessionState("s")).contains(STATE);
    assertThat(journal.sessionState("t")).isEmpty();

    stand(only(now), Status.FAILED);
    assertThat(journal.sessionState("s")).contains(STATE);
    accept("c", "s");
    done(journal.append(handingOn(only(now), Status.COMPLETED, new Payload("2"))));

    assertThat(journal.sessionState("s")).contains(new Payload("2"));
  }

  @Test
  void aDelayedMessageKeepsItsPlaceAndItsTime() {
    Instant due = now.plusSeconds(60);
    accept("a", "s");
    done(journal.start(admitted("b", due, Optional.empty(), Optional.empty(), Optional.of("s"))));
    accept("c", "s");
    stand(only(now), Status.COMPLETED);

    assertThat(state(new RunId("b")).readyAt()).contains(due);
    assertThat(claims(due.minusNanos(1_000), 100)).isEmpty();
    assertThat(only(due).run().text()).isEqualTo("b");
  }

  @Test
  void aRunOfASessionGoesThroughItsQueueToo() {
    done(journal.register(MAIL));
    for (String id : List.of("s-1", "s-2", "t-1")) {
      done(
          journal.start(
              admitted(
                  id,
                  now,
                  Optional.of("mail"),
                  Optional.empty(),
                  Optional.of(id.substring(0, 1)))));
    }
    assertThat(journal.load("mail")).contains(new Queue.Load(MAIL, 0, 3));
    Claim first = only(now);
    assertThat(first.run().text()).isEqualTo("s-1");
    stand(first, Status.COMPLETED);

    // Both are ready since the same moment; the one that was accepted first goes first.
    assertThat(only(now).run().text()).isEqualTo("s-2");
    assertThat(journal.nextReady()).isEqualTo(Instant.MAX);
  }

  @Test
  void turnsAndStatesOutliveTheProcess() throws Exception {
    accept("a", "s");
    accept("b", "s");
    accept("c", "s");
    done(journal.append(handingOn(only(now), Status.COMPLETED, STATE)));
    Claim held = only(now);
    journal.abandon();
    journal = opened();

    assertThat(journal.sessionState("s")).contains(STATE);
    Claim again = only(now);
    assertThat(again.run()).isEqualTo(held.run());
    assertThat(journal.behind(again.run())).isEqualTo(1);
    stand(again, Status.COMPLETED);
    assertThat(only(now).run().text()).isEqualTo("c");
  }

  @Test
  void manyMessagesAtTheSameTimeHaveOneOrderAndOneTurn() {
    var starts =
        IntStream.range(0, 60)
            .mapToObj(i ->
                CompletableFuture.supplyAsync(
                    () -> done(journal.start(inSession("r-" + i, "s-" + i % 3)))))
            .toList();
    starts.forEach(JournalFixture::done);
    var executed = new ArrayList<String>();

    for (List<Claim> claims = claims(now, 100); !claims.isEmpty(); claims = claims(now, 100)) {
      assertThat(claims).hasSize(3);
      for (Claim claim : claims) {
        executed.add(claim.run().text());
        stand(claim, Status.COMPLETED);
      }
    }

    assertThat(executed).hasSize(60).doesNotHaveDuplicates();
  }
}

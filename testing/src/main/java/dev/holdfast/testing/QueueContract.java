package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.Start;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The laws of named queues, of delays and of starts that are the same start. */
abstract class QueueContract extends WaitingContract {
  static final Queue MAIL = Queue.of("mail");

  private void register(Queue queue) {
    done(journal.register(queue));
  }

  private List<String> started(String queue, int count) {
    List<String> ids = IntStream.range(0, count).mapToObj(i -> queue + "-" + i).toList();
    ids.forEach(id -> done(journal.start(queued(id, queue))));
    return ids;
  }

  private List<String> ids(List<Claim> claims) {
    return claims.stream().map(claim -> claim.run().text()).toList();
  }

  private void end(Claim claim) {
    done(journal.append(releasing(claim, Status.COMPLETED, Optional.empty())));
  }

  private Queue.Load load(String queue) {
    return journal.load(queue).orElseThrow();
  }

  @Test
  void aRunShowsTheQueueThatItGoesThrough() {
    register(MAIL);

    assertThat(done(journal.start(queued("r", "mail"))))
        .isEqualTo(new Start.Fresh(Optional.empty()));

    RunState state = state(new RunId("r"));
    assertThat(state.queue()).contains("mail");
    assertThat(state.session()).isEmpty();
    assertThat(state.status()).isEqualTo(Status.READY);
    assertThat(state.readyAt()).contains(now);
    assertThat(journal.runs(Set.of(), 0, 10)).containsExactly(state);
  }

  @Test
  void noMoreExecuteThanTheQueueAllowsHoweverOftenIsAsked() {
    register(MAIL.concurrencyMax(3));
    started("mail", 10);

    List<Claim> first = claims(now, 2);
    List<Claim> second = claims(now, 100);

    assertThat(first).hasSize(2);
    assertThat(second).hasSize(1);
    assertThat(claims(now.plusSeconds(9), 100)).isEmpty();
    assertThat(load("mail")).isEqualTo(new Queue.Load(MAIL.concurrencyMax(3), 3, 7));
    end(first.get(0));
    end(second.get(0));
    assertThat(claims(now, 100)).hasSize(2);
  }

  @Test
  void oneWorkerExecutesNoMoreThanItMay() {
    register(MAIL.concurrencyMax(5).concurrencyMaxPerWorker(2));
    started("mail", 4);

    assertThat(claims(now, 100)).hasSize(2);
    assertThat(claims(now, 100)).isEmpty();
  }

  @Test
  void theRunThatIsReadyLongestComesFirstThenTheOneAcceptedFirst() {
    register(MAIL);
    Instant late = now.plusSeconds(2);
    done(journal.start(delayed("late", late)));
    done(journal.start(queued("first", "mail")));
    done(journal.start(delayed("early", now.plusSeconds(1))));
    done(journal.start(queued("second", "mail")));
    var order = new ArrayList<String>();

    for (int i = 0; i < 4; i++) {
      Claim claim = claims(late, 100).get(0);
      order.add(claim.run().text());
      end(claim);
    }

    assertThat(order).containsExactly("first", "second", "early", "late");
  }

  private NewRun delayed(String id, Instant readyAt) {
    return admitted(id, readyAt, Optional.of("mail"), Optional.empty(), Optional.empty());
  }

  @Test
  void queuesAndRunsOutsideOfThemDoNotHoldEachOtherUp() {
    register(MAIL);
    register(Queue.of("print"));
    started("mail", 3);
    started("print", 3);
    done(journal.start(newRun("free")));

    assertThat(ids(claims(now, 100))).containsExactlyInAnyOrder("mail-0", "print-0", "free");
  }

  @Test
  void ofManyThatAreReadyTheFirstAreTakenWhicheverQueueTheyAreIn() {
    register(MAIL.concurrencyMax(9));
    done(journal.start(delayed("third", now.plusSeconds(3))));
    done(journal.start(admitted("second", now.plusSeconds(2))));
    done(journal.start(delayed("first", now.plusSeconds(1))));

    assertThat(ids(claims(now.plusSeconds(9), 2))).containsExactlyInAnyOrder("first", "second");
  }

  private NewRun admitted(String id, Instant readyAt) {
    return admitted(id, readyAt, Optional.empty(), Optional.empty(), Optional.empty());
  }

  @Test
  void aParkedRunTakesNoPlaceAndQueuesAgainWhenItWakes() {
    register(MAIL);
    started("mail", 2);
    Claim parked = claims(now, 100).get(0);
    Instant due = now.plusSeconds(60);
    done(journal.append(releasing(parked, Status.WAITING, Optional.of(due))));
    assertThat(load("mail").executing()).isZero();

    Claim other = claims(now, 100).get(0);
    assertThat(other.run().text()).isEqualTo("mail-1");
    assertThat(claims(due, 100)).isEmpty();
    end(other);

    assertThat(ids(claims(due, 100))).containsExactly("mail-0");
  }

  @Test
  void aRunWokenByMailQueuesAgain() {
    register(MAIL);
    started("mail", 2);
    Claim parked = claims(now, 100).get(0);
    done(journal.append(releasing(parked, Status.QUARANTINED, Optional.empty())));
    claims(now, 100);

    done(journal.send(parked.run(), RESUME));

    assertThat(state(parked.run()).status()).isEqualTo(Status.READY);
    assertThat(claims(Instant.now().plusSeconds(9), 100)).isEmpty();
    assertThat(load("mail")).isEqualTo(new Queue.Load(MAIL, 1, 1));
  }

  @Test
  void aFullQueueRefusesAndWritesNothing() {
    register(MAIL.waitingMax(2));
    started("mail", 2);

    Start refused = done(journal.start(queued("one too many", "mail")));

    assertThat(refused).isEqualTo(new Start.QueueFull(new Queue.Load(MAIL.waitingMax(2), 0, 2)));
    assertThat(journal.find(new RunId("one too many"))).isEmpty();
    assertThat(done(journal.start(queued("mail-0", "mail")))).isInstanceOf(Start.Existing.class);
    claims(now, 100);
    assertThat(done(journal.start(queued("one too many", "mail")))).isInstanceOf(Start.Fresh.class);
  }

  @Test
  void aQueueThatNobodyRegisteredRefuses() {
    assertThat(done(journal.start(queued("r", "mial")))).isEqualTo(new Start.QueueUnknown("mial"));

    assertThat(journal.find(new RunId("r"))).isEmpty();
    assertThat(journal.load("mial")).isEmpty();
  }

  @Test
  void theBoundsRegisteredLastCount() {
    register(MAIL);
    started("mail", 5);
    assertThat(claims(now, 100)).hasSize(1);

    register(MAIL.concurrencyMax(3));
    assertThat(claims(now, 100)).hasSize(2);
    register(MAIL.concurrencyMax(1));
    assertThat(claims(now, 100)).isEmpty();
    assertThat(load("mail")).isEqualTo(new Queue.Load(MAIL, 3, 2));
  }

  @Test
  void aStartWithTheSameDeduplicationIdFindsTheFirstRunOfThatQueue() {
    register(MAIL);
    register(Queue.of("print"));
    done(journal.start(deduplicated("first", "mail", "17")));
    RunState first = state(new RunId("first"));

    assertThat(done(journal.start(deduplicated("second", "mail", "17"))))
        .isEqualTo(new Start.Deduplicated(first));
    assertThat(journal.find(new RunId("second"))).isEmpty();
    assertThat(done(journal.start(deduplicated("first", "mail", "18"))))
        .isEqualTo(new Start.Existing(first));
    assertThat(done(journal.start(deduplicated("other", "mail", "18"))))
        .isInstanceOf(Start.Fresh.class);
    assertThat(done(journal.start(deduplicated("print", "print", "17"))))
        .isInstanceOf(Start.Fresh.class);
  }

  private NewRun deduplicated(String id, String queue, String deduplication) {
    return admitted(id, now, Optional.of(queue), Optional.of(deduplication), Optional.empty());
  }

  @Test
  void aDuplicateIsFoundWhereTheQueueIsFullAndWhenTheFirstHasEnded() {
    register(MAIL.waitingMax(1));
    done(journal.start(deduplicated("first", "mail", "17")));
    assertThat(done(journal.start(deduplicated("again", "mail", "17"))))
        .isInstanceOf(Start.Deduplicated.class);

    end(claims(now, 1).get(0));

    var found = (Start.Deduplicated) done(journal.start(deduplicated("again", "mail", "17")));
    assertThat(found.state().status()).isEqualTo(Status.COMPLETED);
  }

  @Test
  void ofManyEqualStartsAtTheSameTimeOneIsFresh() {
    register(MAIL);
    var starts =
        IntStream.range(0, 40)
            .mapToObj(i ->
                CompletableFuture.supplyAsync(
                    () -> done(journal.start(deduplicated("r-" + i, "mail", "17")))))
            .toList();

    assertThat(starts.stream().map(JournalFixture::done).filter(Start.Fresh.class::isInstance))
        .hasSize(1);
    assertThat(journal.runs(Set.of(), 0, 100)).hasSize(1);
  }

  @Test
  void aDelayedRunIsClaimedFromItsTimeOnAndNotBefore() {
    Instant due = now.plusSeconds(60);
    done(journal.start(admitted("r", due)));

    assertThat(journal.nextReady()).isEqualTo(due);
    assertThat(claimable(due.minusNanos(1_000))).isEmpty();
    assertThat(done(journal.claim(new RunId("r"), due.minusNanos(1_000)))).isEmpty();
    assertThat(claimable(due)).containsExactly("r");
  }

  @Test
  void mailDoesNotShortenADelayButACancelDoes() {
    Instant due = Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.MICROS);
    done(journal.start(admitted("r", due)));

    done(journal.send(new RunId("r"), RESUME));
    assertThat(state(new RunId("r")).readyAt()).contains(due);
    done(journal.send(new RunId("r"), new Message.Cancel("ann", "no")));

    assertThat(claimable(Instant.now().plusSeconds(9))).containsExactly("r");
  }

  @Test
  void mailForARunThatIsReadyLeavesItsPlaceInTheOrder() {
    register(MAIL);
    started("mail", 2);

    done(journal.send(new RunId("mail-0"), RESUME));

    assertThat(state(new RunId("mail-0")).readyAt()).contains(now);
    assertThat(ids(claims(now, 100))).containsExactly("mail-0");
  }

  @Test
  void aStartThatMustWaitIsNotClaimedAtOnce() {
    register(MAIL);

    for (NewRun run :
        List.of(queued("q", "mail"), inSession("s", "key"), admitted("d", now.plusSeconds(1)))) {
      assertThat(failureOf(journal.startClaimed(run)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(run.id().text());
      assertThat(journal.find(run.id())).isEmpty();
    }
  }

  @Test
  void aClaimByIdKeepsToTheBoundsOfTheQueue() {
    register(MAIL);
    started("mail", 2);

    assertThat(done(journal.claim(new RunId("mail-1"), now))).isPresent();
    assertThat(done(journal.claim(new RunId("mail-0"), now))).isEmpty();
  }

  @Test
  void aFullQueueIsNotReadyUntilAPlaceIsFree() {
    register(MAIL);
    started("mail", 2);
    assertThat(journal.nextReady()).isEqualTo(now);

    Claim claim = claims(now, 1).get(0);
    assertThat(journal.nextReady()).isEqualTo(Instant.MAX);
    end(claim);

    assertThat(journal.nextReady()).isEqualTo(now);
  }

  @Test
  void queuesOutliveTheProcessAndWhatItLeftIsTakenOverFirst() throws Exception {
    register(MAIL.concurrencyMax(3).concurrencyMaxPerWorker(2));
    started("mail", 5);
    List<Claim> held = claims(now, 100);
    assertThat(held).hasSize(2);
    journal.abandon();
    journal = opened();
    // What a gone process left may count as executing still, or as waiting again.
    assertThat(load("mail").executing() + load("mail").waiting()).isEqualTo(5);

    List<Claim> taken = claims(now, 100);

    assertThat(ids(taken)).containsExactlyInAnyOrderElementsOf(ids(held));
    assertThat(claims(now, 100)).isEmpty();
    end(taken.get(0));
    assertThat(claims(now, 100)).hasSize(1);
  }

  @Test
  void whatAGoneProcessLeftKeepsToBoundsThatWereLoweredSince() throws Exception {
    register(MAIL.concurrencyMax(4));
    started("mail", 6);
    assertThat(claims(now, 100)).hasSize(4);
    journal.abandon();
    journal = opened();
    register(MAIL.concurrencyMax(2));

    List<Claim> taken = claims(now, 100);

    assertThat(taken).hasSize(2).allMatch(claim -> claim.epoch() == 2);
    assertThat(claims(now, 100)).isEmpty();
  }

  @Test
  void claimsAtTheSameTimeShareThePlaces() {
    register(MAIL.concurrencyMax(5));
    started("mail", 40);
    var claims =
        IntStream.range(0, 10)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> claims(now, 7)))
            .toList();

    assertThat(claims.stream().flatMap(claim -> done(claim).stream())).hasSize(5);
  }

  @Test
  void noMoreQueuesAreKeptThanMayBe() {
    for (int i = 0; i < Queue.COUNT_MAX; i++) {
      register(Queue.of("q-" + i));
    }

    assertThat(failureOf(journal.register(MAIL)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("1,000");
    register(Queue.of("q-7").concurrencyMax(9));
    assertThat(load("q-7").queue().concurrencyMax()).isEqualTo(9);
  }
}

package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Reservation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The laws of runs that wait for a fact, and of facts that a person settles. */
abstract class WaitingContract extends LedgerContract {
  private static final Payload RECEIPT = new Payload("\"receipt\"");

  private RunId awaiting(String id, String fact) {
    return awaiting(id, fact, Status.WAITING, Optional.of(now.plusSeconds(600)));
  }

  private RunId awaiting(String id, String fact, Status status, Optional<Instant> readyAt) {
    Claim claim = claimed(id);
    var release = new Release(status, readyAt, Optional.of(fact));
    done(journal.append(releasing(claim, List.of(), release)));
    return claim.run();
  }

  @Test
  void aRunThatAwaitsAFactIsReadyWhenThatIsReleasedAndNotBefore() {
    Claim holder = claimed("holder");
    Fact fact = reserved(holder, REFUND);
    done(journal.reserve(asking(holder, 2, "another")));
    RunId waiting = awaiting("waiting", REFUND);
    done(journal.append(changing(holder, 3, fact)));
    done(journal.append(changing(holder, 4, held(holder, "another").refused())));
    assertThat(state(waiting).status()).isEqualTo(Status.WAITING);
    assertThat(state(waiting).readyAt()).contains(now.plusSeconds(600));
    assertThat(claimable(now.plusSeconds(599))).isEmpty();
    done(journal.append(changing(holder, 5, fact.happened(RECEIPT))));
    assertThat(state(waiting).status()).isEqualTo(Status.READY);
    assertThat(state(waiting).readyAt()).contains(now);
    assertThat(claimable(now)).containsExactly("waiting");
  }

  @Test
  void aRunThatAwaitsAFactIsStillReadyInItsTime() {
    reserved(claimed("holder"), REFUND);
    awaiting("waiting", REFUND);

    assertThat(journal.nextReady()).isEqualTo(now.plusSeconds(600));
    assertThat(claimable(now.plusSeconds(600))).containsExactly("waiting");
  }

  @Test
  void aWaitEndsOnce() {
    Claim holder = claimed("holder");
    Fact fact = reserved(holder, REFUND);
    RunId waiting = awaiting("waiting", REFUND);
    awaiting("patient", REFUND);
    done(journal.append(changing(holder, 2, fact.in(Fact.State.IN_DOUBT))));
    Claim woken = done(journal.claim(waiting, now)).orElseThrow();
    // It executes, and nothing may make it ready meanwhile; nor later, when it waits for no fact.
    done(journal.append(changing(holder, 3, fact.refused())));
    assertThat(state(waiting).status()).isEqualTo(Status.EXECUTING);
    done(journal.append(releasing(woken, Status.IN_DOUBT, Optional.empty())));
    reservedAnd(holder, fact.happened(RECEIPT));
    assertThat(state(waiting).status()).isEqualTo(Status.IN_DOUBT);
    assertThat(claimable(now.plusSeconds(1))).containsExactly("patient");
  }

  /** Lets the holder hold the fact once more and say how it stands then. */
  private void reservedAnd(Claim holder, Fact changed) {
    done(journal.reserve(asking(holder, 4, changed.name())));
    done(journal.append(changing(holder, 5, changed)));
  }

  @Test
  void aRunThatMailWokeAwaitsTheFactNoLonger() {
    Claim holder = claimed("holder");
    Fact fact = reserved(holder, REFUND);
    RunId waiting = awaiting("waiting", REFUND);
    done(journal.send(waiting, RESUME));
    Instant later = Instant.now().plusSeconds(1);
    Claim woken = done(journal.claim(waiting, later)).orElseThrow();
    long number = journal.mail(waiting).get(0).number();
    var standing = new Release(Status.QUARANTINED, Optional.empty());
    done(journal.append(releasing(woken, List.of(number), standing)));
    done(journal.append(changing(holder, 2, fact.happened(RECEIPT))));

    assertThat(state(waiting).status()).isEqualTo(Status.QUARANTINED);
    assertThat(claimable(later)).isEmpty();
  }

  @Test
  void aRunThatParksForAFactWhichNobodyHoldsIsReadyAtOnce() {
    Claim holder = claimed("holder");
    Fact fact = reserved(holder, REFUND);
    done(journal.append(changing(holder, 2, fact.happened(RECEIPT))));

    assertThat(state(awaiting("late", REFUND)).status()).isEqualTo(Status.READY);
    assertThat(state(awaiting("lost", "nobody asked for it")).status()).isEqualTo(Status.READY);
    assertThat(claimable(now)).containsExactlyInAnyOrder("late", "lost");
  }

  @Test
  void everyRunThatWaitsIsReadyWhateverItWaitsForBesides() {
    Claim holder = claimed("holder");
    Fact fact = reserved(holder, REFUND);
    awaiting("timed", REFUND);
    awaiting("doubtful", REFUND, Status.IN_DOUBT, Optional.empty());
    awaiting("asking", REFUND, Status.AWAITING_APPROVAL, Optional.empty());
    done(journal.append(changing(holder, 2, fact.in(Fact.State.IN_DOUBT))));

    assertThat(claimable(now)).containsExactlyInAnyOrder("timed", "doubtful", "asking");
  }

  @Test
  void aReservationThatReleasesAFactWakesAndOneThatHoldsItDoesNot() {
    Claim holder = claimed("holder");
    Fact fact = reserved(holder, REFUND);
    RunId waiting = awaiting("waiting", REFUND);
    var holds = new Reservation.Decision(GRANTED, Optional.of(fact));
    var frees = new Reservation.Decision(REFUSED, Optional.of(fact.refused()));

    done(journal.reserve(new Reservation(holder.run(), 1, 2, now, REFUND, row -> holds)));
    assertThat(state(waiting).status()).isEqualTo(Status.WAITING);
    done(journal.reserve(new Reservation(holder.run(), 1, 3, now, REFUND, row -> frees)));

    assertThat(state(waiting).status()).isEqualTo(Status.READY);
  }

  @Test
  void aRunThatEndedIsNotWoken() {
    Claim holder = claimed("holder");
    Fact fact = reserved(holder, REFUND);
    RunId ended = awaiting("ended", REFUND, Status.FAILED, Optional.empty());

    done(journal.append(changing(holder, 2, fact.refused())));

    assertThat(state(ended).status()).isEqualTo(Status.FAILED);
    assertThat(claimable(now)).isEmpty();
  }

  @Test
  void waitsAndFactsOutliveTheProcess() throws Exception {
    Claim holder = claimed("holder");
    Fact fact = reserved(holder, REFUND);
    RunId waiting = awaiting("waiting", REFUND);
    journal.abandon();
    journal = opened();

    assertThat(journal.fact(REFUND)).contains(fact);
    Claim again = done(journal.claim(holder.run(), now)).orElseThrow();
    assertThat(state(waiting).status()).isEqualTo(Status.WAITING);
    done(journal.append(changing(again, again.nextSequence(), fact.refused())));

    assertThat(state(waiting).status()).isEqualTo(Status.READY);
  }

  @Test
  void aDoubtIsSettledForARunThatHasEnded() {
    for (Status end : List.of(Status.CANCELLED, Status.FAILED, Status.COMPLETED)) {
      Fact doubted = doubtedBy(end.name(), end);

      done(journal.settle(doubted.happened(RECEIPT)));

      assertThat(journal.fact(doubted.name())).contains(doubted.happened(RECEIPT));
      assertThat(failureOf(journal.settle(doubted.refused())))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(doubted.name())
          .hasMessageContaining("not in doubt");
      assertThat(journal.fact(doubted.name())).contains(doubted.happened(RECEIPT));
    }
  }

  /** A fact in doubt of a run that stands like that. */
  private Fact doubtedBy(String id, Status status) {
    Claim claim = claimed(id);
    Fact doubted = reserved(claim, "fact of " + id).in(Fact.State.IN_DOUBT);
    done(journal.append(changing(claim, 2, doubted)));
    var next = new Claim(claim.run(), WORKFLOW, 1, 3);
    done(journal.append(releasing(next, status, Optional.empty())));
    return doubted;
  }

  @Test
  void aDoubtThatARunCanSettleIsNotSettledInItsPlace() {
    for (Status status :
        List.of(Status.IN_DOUBT, Status.WAITING, Status.QUARANTINED, Status.TRUNCATED)) {
      Fact doubted = doubtedBy(status.name(), status);

      assertThat(failureOf(journal.settle(doubted.refused())))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(status.name());

      assertThat(journal.fact(doubted.name())).contains(doubted);
    }
  }

  @Test
  void whatIsNotInDoubtIsNotSettled() {
    Claim claim = claimed("r");
    Fact fact = reserved(claim, REFUND);
    var next = new Claim(claim.run(), WORKFLOW, 1, 2);
    done(journal.append(releasing(next, Status.FAILED, Optional.empty())));

    assertThat(failureOf(journal.settle(fact.refused()))).isInstanceOf(IllegalStateException.class);
    assertThat(failureOf(journal.settle(held(claim, "unknown").refused())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("unknown");

    assertThat(journal.fact(REFUND)).contains(fact);
    assertThat(journal.fact("unknown")).isEmpty();
  }

  @Test
  void aSettledFactHasHappenedOrIsFree() {
    Fact doubted = doubtedBy("r", Status.CANCELLED);

    for (Fact.State state : List.of(Fact.State.HELD, Fact.State.IN_DOUBT)) {
      assertThat(failureOf(journal.settle(doubted.in(state))))
          .isInstanceOf(IllegalStateException.class);
    }
    done(journal.settle(doubted.in(Fact.State.FREE)));

    Claim next = claimed("next");
    assertThat(done(journal.reserve(asking(next, 1, doubted.name())))).isEqualTo(GRANTED);
  }
}

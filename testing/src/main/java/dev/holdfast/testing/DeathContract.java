package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Reservation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The laws of counting the workers that died holding a run. */
abstract class DeathContract extends ClaimContract {
  private static final Entry OUTCOME =
      new Entry.ClockRead(new StepPath("now:now#0"), Instant.parse("2026-01-02T03:04:05Z"));
  private static final Entry BEGUN = new Entry.AttemptStarted(new StepPath("effect:pay#0"), 2);

  @Test
  void eachWorkerThatDiesHoldingARunCountsInARow() throws Exception {
    assertThat(claimed("r").deaths()).isZero();
    claimed("begun later");
    assertThat(afterDeath("r").deaths()).isEqualTo(1);
    assertThat(afterDeath("r").deaths()).isEqualTo(2);
    die();
    assertThat(done(journal.claim(new RunId("r"), now)).orElseThrow().deaths()).isEqualTo(3);
    assertThat(claimAgain("begun later", now).deaths()).isEqualTo(3);
  }

  @Test
  void onlyWhoHeldItCounts() throws Exception {
    done(journal.start(newRun("ready")));
    RunId parked = standing("parked", Status.WAITING, Optional.of(now));
    die();
    List<Claim> claims = done(journal.claim(WORKFLOWS, now, 10));
    assertThat(claims).extracting(Claim::run).contains(new RunId("ready"), parked);
    assertThat(claims).extracting(Claim::deaths).containsOnly(0);
  }

  @Test
  void anOutcomeEndsTheRowAndWhatOnlyBeginsDoesNot() throws Exception {
    claimed("r");
    Claim second = afterDeath("r");
    done(journal.append(append(second, BEGUN)));
    Claim third = afterDeath("r");
    assertThat(third.deaths()).isEqualTo(2);

    done(journal.append(append(third, marker("again"), OUTCOME, marker("after it"))));
    assertThat(afterDeath("r").deaths()).isEqualTo(1);
  }

  @Test
  void anOutcomeThatTheLedgerGaveEndsTheRow() throws Exception {
    claimed("r");
    Claim claim = afterDeath("r");
    var outcome =
        new Entry.EffectSucceeded(
            new StepPath("effect:pay#0"), Payload.NULL, Entry.Origin.DEDUPLICATED);
    done(journal.reserve(asking(claim, outcome)));
    assertThat(afterDeath("r").deaths()).isEqualTo(1);
  }

  @Test
  void anAnswerOfTheLedgerThatIsNoOutcomeDoesNotEndTheRow() throws Exception {
    claimed("r");
    Claim claim = afterDeath("r");
    done(journal.reserve(asking(claim, new Entry.WaitStarted(new StepPath("effect:pay#0"), now))));
    assertThat(afterDeath("r").deaths()).isEqualTo(2);
  }

  private Reservation asking(Claim claim, Entry entry) {
    return new Reservation(
        claim.run(),
        claim.epoch(),
        claim.nextSequence(),
        now,
        "paid[17]",
        row -> new Reservation.Decision(entry, Optional.empty()));
  }

  @Test
  void aReleaseEndsTheRowWhereverTheRunStandsThen() throws Exception {
    for (Status status : List.of(Status.READY, Status.WAITING, Status.QUARANTINED)) {
      String id = "r-" + status;
      claimed(id);
      afterDeath(id);
      Claim claim = afterDeath(id);
      assertThat(claim.deaths()).isEqualTo(2);
      Optional<Instant> readyAt = status == Status.READY ? Optional.of(now) : Optional.empty();
      done(journal.append(releasing(claim, status, readyAt)));
      done(journal.send(claim.run(), RESUME));
      assertThat(done(journal.claim(claim.run(), now.plusSeconds(9_999))).orElseThrow().deaths())
          .as(id)
          .isZero();
      assertThat(afterDeath(id).deaths()).isEqualTo(1);
    }
  }

  @Test
  void aWorkerThatClosesItsJournalDidNotDie() throws Exception {
    claimed("r");
    afterDeath("r");
    journal.close();
    journal = opened();
    assertThat(claimAgain("r", now).deaths()).isZero();
    assertThat(afterDeath("r").deaths()).isEqualTo(1);
  }

  private Claim afterDeath(String id) throws Exception {
    die();
    return claimAgain(id, now);
  }

  private void die() throws Exception {
    journal.abandon();
    journal = opened();
  }
}

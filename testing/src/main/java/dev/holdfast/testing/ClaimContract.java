package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.WorkflowKey;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The laws of claiming one run by its id, and of mail for a run while it executes. */
abstract class ClaimContract extends AppendContract {
  @Test
  void aReadyRunIsClaimedByItsIdWhateverItsWorkflow() {
    var unknown = new WorkflowKey("nobody registered it", "7");
    done(journal.start(newRun("other")));
    done(journal.start(newRun("r", unknown)));

    assertThat(done(journal.claim(new RunId("r"), now)))
        .contains(new Claim(new RunId("r"), unknown, 1, 1));

    assertThat(state(new RunId("r")).status()).isEqualTo(Status.EXECUTING);
    assertThat(state(new RunId("other")).status()).isEqualTo(Status.READY);
    assertThat(done(journal.claim(new RunId("r"), now.plusSeconds(9)))).isEmpty();
  }

  @Test
  void aClaimByIdIsHeld() {
    done(journal.start(newRun("r")));
    Claim claim = done(journal.claim(new RunId("r"), now)).orElseThrow();

    done(journal.append(append(claim, marker("a"))));

    assertThat(entries(claim.run())).endsWith(marker("a"));
    assertThat(claimable(now.plusSeconds(9))).isEmpty();
  }

  @Test
  void aParkedRunIsClaimedByItsIdFromItsTimeOnAndNotBefore() {
    Instant due = now.plusSeconds(60);
    RunId run = standing("r", Status.WAITING, Optional.of(due));

    assertThat(done(journal.claim(run, due.minusNanos(1_000)))).isEmpty();
    assertThat(done(journal.claim(run, due))).contains(new Claim(run, WORKFLOW, 2, 2));
  }

  @Test
  void whatEndedOrNeedsSomeoneOrIsUnknownIsNotClaimedByItsId() {
    Instant late = now.plusSeconds(9_999_999);
    for (Status status : EnumSet.complementOf(EnumSet.of(Status.READY, Status.EXECUTING))) {
      RunId run = standing(status.name(), status, Optional.empty());
      assertThat(done(journal.claim(run, late))).as(status.name()).isEmpty();
      assertThat(state(run).status()).isEqualTo(status);
    }
    assertThat(done(journal.claim(new RunId("unknown"), late))).isEmpty();
  }

  @Test
  void aRunWhoseOwnerIsGoneIsClaimedByItsId() throws Exception {
    Claim held = claimed("held");
    claimed("held, too");
    journal.abandon();
    journal = opened();

    assertThat(done(journal.claim(held.run(), now)))
        .contains(new Claim(held.run(), WORKFLOW, 2, 1, 1));
    assertThat(done(journal.claim(held.run(), now))).isEmpty();
    assertThat(claimable(now)).containsExactly("held, too");
  }

  @Test
  void theMailOfARunThatExecutesIsSeenUntilItIsConsumed() {
    Claim claim = claimed("r");
    claimed("quiet");
    assertThat(journal.executingWithMail()).isEmpty();
    done(journal.send(claim.run(), RESUME));
    done(journal.send(claim.run(), RESUME));
    assertThat(journal.executingWithMail()).containsExactly(claim.run());
    List<Long> numbers = journal.mail(claim.run()).stream().map(mail -> mail.number()).toList();
    done(journal.append(consuming(claim, numbers.subList(0, 1))));
    assertThat(journal.executingWithMail()).containsExactly(claim.run());
    var end = new Release(Status.WAITING, Optional.empty());
    Claim next = new Claim(claim.run(), WORKFLOW, 1, 2);
    done(journal.append(releasing(next, numbers.subList(1, 2), end)));
    assertThat(journal.executingWithMail()).isEmpty();
  }

  @Test
  void onlyRunsThatThisProcessExecutesAreNamedForTheirMail() throws Exception {
    Claim held = claimed("held");
    RunId parked = standing("parked", Status.IN_DOUBT, Optional.empty());
    done(journal.send(held.run(), RESUME));
    done(journal.send(parked, RESUME));
    assertThat(journal.executingWithMail()).containsExactly(held.run());
    journal.abandon();
    journal = opened();
    assertThat(journal.executingWithMail()).isEmpty();

    assertThat(done(journal.claim(parked, Instant.now().plusSeconds(1)))).isPresent();
    assertThat(journal.executingWithMail()).containsExactly(parked);
    assertThat(done(journal.claim(held.run(), now))).isPresent();
    assertThat(journal.executingWithMail()).containsExactlyInAnyOrder(parked, held.run());
  }

  @Test
  void aRunThatAwaitsAnApprovalIsParkedLikeAnyOther() {
    Instant due = now.plusSeconds(60);
    RunId timed = standing("timed", Status.AWAITING_APPROVAL, Optional.of(due));
    RunId endless = standing("endless", Status.AWAITING_APPROVAL, Optional.empty());
    assertThat(journal.runs(Set.of(Status.AWAITING_APPROVAL), 0, 10)).hasSize(2);

    assertThat(claimable(due)).containsExactly("timed");
    done(journal.send(endless, RESUME));

    assertThat(state(endless).status()).isEqualTo(Status.READY);
    assertThat(state(timed).status()).isEqualTo(Status.EXECUTING);
  }

  @Test
  void whatAReplayNeedNotReadComesWithEveryLaterClaim() throws Exception {
    Claim claim = claimed("r");
    List<Claim.Gap> first = List.of(new Claim.Gap(1, 2));
    List<Claim.Gap> last = List.of(new Claim.Gap(1, 3), new Claim.Gap(5, 1L << 40));
    List.of(
            journal.append(covering(claim, 1, first)),
            journal.append(covering(claim, 2, last)),
            journal.append(append(claim, 3, marker("neither"))))
        .forEach(JournalFixture::done);
    journal.abandon();
    journal = opened();

    Claim again = claimAgain("r", now);
    assertThat(claim.gaps()).isEmpty();
    assertThat(again.gaps()).isEqualTo(last);
    assertThat(entries(again.run())).as("nothing is taken away").hasSize(4);

    done(journal.append(releasing(again, Status.READY, Optional.of(now))));
    assertThat(done(journal.claim(again.run(), now)).orElseThrow().gaps()).isEqualTo(last);
  }

  @Test
  void whoLostARunChangesNothingOfWhatIsRead() throws Exception {
    Claim claim = claimed("r");
    done(journal.append(covering(claim, 1, List.of(new Claim.Gap(0, 1)))));
    done(journal.append(releasing(at(claim, 2), Status.READY, Optional.of(now))));
    claimAgain("r", now);

    assertThat(failureOf(journal.append(covering(claim, 3, List.of(new Claim.Gap(0, 3))))))
        .isInstanceOf(Fenced.class);
    journal.close();
    journal = opened();
    assertThat(claimAgain("r", now).gaps()).containsExactly(new Claim.Gap(0, 1));
  }

  private static Claim at(Claim claim, long sequence) {
    return new Claim(claim.run(), claim.workflow(), claim.epoch(), sequence);
  }

  private Append covering(Claim claim, long sequence, List<Claim.Gap> gaps) {
    return new Append(
        claim.run(),
        claim.epoch(),
        sequence,
        now,
        List.of(marker("sealed")),
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.of(gaps));
  }
}

package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The laws of appending, releasing and mail. */
abstract class AppendContract extends JournalFixture {
  private static final StepPath PATH = new StepPath("effect:pay#0");

  @Test
  void entriesComeBackInOrderWithTheirEpochAndTime() {
    Claim claim = claimed("r");
    var later =
        new Append(
            claim.run(),
            1,
            3,
            now.plusSeconds(5),
            List.of(marker("c")),
            List.of(),
            List.of(),
            Optional.empty());

    done(journal.append(append(claim, marker("a"), marker("b"))));
    done(journal.append(later));

    assertThat(journal.entries(claim.run(), 1, 10))
        .containsExactly(
            new Recorded(1, 1, now, marker("a")),
            new Recorded(2, 1, now, marker("b")),
            new Recorded(3, 1, now.plusSeconds(5), marker("c")));
  }

  @Test
  void entriesArePaged() {
    Claim claim = claimed("r");
    done(journal.append(append(claim, marker("a"), marker("b"), marker("c"))));

    assertThat(journal.entries(claim.run(), 1, 2))
        .extracting(Recorded::entry)
        .containsExactly(marker("a"), marker("b"));
    assertThat(journal.entries(claim.run(), 3, 2))
        .extracting(Recorded::entry)
        .containsExactly(marker("c"));
    assertThat(journal.entries(claim.run(), 4, 2)).isEmpty();
  }

  @Test
  void appendsTakeEffectInTheOrderOfTheirCalls() {
    Claim claim = claimed("r");
    var futures = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 1_500; i++) {
      futures.add(journal.append(append(claim, i + 1, marker("m-" + i))));
    }
    futures.forEach(JournalFixture::done);

    List<Entry> entries = entries(claim.run());
    assertThat(entries).hasSize(1_501).endsWith(marker("m-1498"), marker("m-1499"));
    assertThat(entries.get(700)).isEqualTo(marker("m-699"));
  }

  @Test
  void anAppendWithAGapFailsAndSoDoesWhatFollowsIt() {
    Claim claim = claimed("r");

    var gap = journal.append(append(claim, 2, marker("gap")));
    var behind = journal.append(append(claim, 3, marker("behind")));

    assertThat(failureOf(gap)).isInstanceOf(IllegalStateException.class).hasMessageContaining("r");
    assertThat(failureOf(behind)).isInstanceOf(IllegalStateException.class);
    assertThat(entries(claim.run())).hasSize(1);
    done(journal.append(append(claim, 1, marker("right"))));
    assertThat(entries(claim.run())).hasSize(2);
  }

  @Test
  void aBadAppendFailsAlone() {
    List<Claim> claims = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      claims.add(claimed("r-" + i));
    }
    var good = new ArrayList<CompletableFuture<Void>>();
    var bad = new ArrayList<CompletableFuture<Void>>();
    for (Claim claim : claims) {
      boolean isBad = claim.run().text().endsWith("7");
      (isBad ? bad : good).add(journal.append(append(claim, isBad ? 9 : 1, marker("m"))));
    }

    good.forEach(JournalFixture::done);
    assertThat(bad).hasSize(2).allSatisfy(future -> assertThat(failureOf(future)).isNotNull());
  }

  @Test
  void anAppendUnderAClaimThatIsNotHeldIsFencedAndChangesNothing() {
    RunId released = standing("released", Status.WAITING, Optional.of(now));
    var never = new Claim(new RunId("never-started"), WORKFLOW, 1, 0);
    done(journal.start(newRun("unclaimed")));
    var unclaimed = new Claim(new RunId("unclaimed"), WORKFLOW, 0, 1);
    Claim current = claimed("current");
    var future = new Claim(current.run(), WORKFLOW, 2, 1);

    for (Claim claim : List.of(new Claim(released, WORKFLOW, 1, 2), never, unclaimed, future)) {
      List<Entry> before = entries(claim.run());
      assertThat(failureOf(journal.append(append(claim, marker("zombie")))))
          .as(claim.toString())
          .isInstanceOf(Fenced.class)
          .hasMessageContaining(claim.run().text());
      assertThat(entries(claim.run())).isEqualTo(before);
    }
  }

  @Test
  void anAppendUnderAnEarlierEpochIsFenced() {
    RunId run = standing("r", Status.WAITING, Optional.of(now));
    var old = new Claim(run, WORKFLOW, 1, 2);
    Claim current = claimAgain("r", now);

    assertThat(failureOf(journal.append(append(old, marker("zombie"))))).isInstanceOf(Fenced.class);
    assertThat(failureOf(journal.append(releasing(old, Status.COMPLETED, Optional.empty()))))
        .isInstanceOf(Fenced.class);

    assertThat(state(run).status()).isEqualTo(Status.EXECUTING);
    done(journal.append(append(current, marker("owner"))));
  }

  @Test
  void aReleaseChangesWhereTheRunStands() {
    Claim claim = claimed("r");
    Instant due = now.plusSeconds(60);
    var release =
        new Append(
            claim.run(),
            1,
            1,
            now.plusSeconds(2),
            List.of(marker("a")),
            List.of(),
            List.of(),
            Optional.of(new Release(Status.WAITING, Optional.of(due))));

    done(journal.append(release));

    RunState state = state(claim.run());
    assertThat(state.status()).isEqualTo(Status.WAITING);
    assertThat(state.readyAt()).contains(due);
    assertThat(state.changedAt()).isEqualTo(now.plusSeconds(2));
    assertThat(state.startedAt()).isEqualTo(now);
    assertThat(entries(claim.run())).endsWith(marker("a"));
  }

  @Test
  void mailIsKeptInOrderUntilItIsConsumed() {
    Claim claim = claimed("r");
    var happened = new Verdict.Happened(new Payload("{\"cents\":1050}"));
    var settle = new Message.Settle(PATH, happened, "bert", "asked the bank");
    done(journal.send(claim.run(), RESUME));
    done(journal.send(claim.run(), settle));

    List<Message.Mail> mail = journal.mail(claim.run());
    assertThat(mail).extracting(Message.Mail::message).containsExactly(RESUME, settle);
    assertThat(mail.get(0).number()).isLessThan(mail.get(1).number());

    done(journal.append(consuming(claim, List.of(mail.get(0).number()))));
    assertThat(journal.mail(claim.run())).containsExactly(mail.get(1));
    assertThat(state(claim.run()).status()).isEqualTo(Status.EXECUTING);
  }

  @Test
  void aFencedAppendConsumesNoMail() {
    Claim claim = claimed("r");
    done(journal.send(claim.run(), RESUME));
    var zombie = new Claim(claim.run(), WORKFLOW, 9, 1);

    failureOf(
        journal.append(consuming(zombie, List.of(journal.mail(claim.run()).get(0).number()))));

    assertThat(journal.mail(claim.run())).hasSize(1);
  }

  @Test
  void oneRunCannotConsumeTheMailOfAnother() {
    Claim mine = claimed("mine");
    Claim other = claimed("other");
    done(journal.send(other.run(), RESUME));

    done(journal.append(consuming(mine, List.of(journal.mail(other.run()).get(0).number()))));

    assertThat(journal.mail(other.run())).hasSize(1);
  }

  @Test
  void mailMakesAParkedRunReadyAtOnce() {
    RunId doubtful = standing("doubtful", Status.IN_DOUBT, Optional.empty());
    RunId waiting = standing("waiting", Status.WAITING, Optional.of(now.plusSeconds(9_999)));

    done(journal.send(doubtful, RESUME));
    done(journal.send(waiting, RESUME));

    assertThat(state(doubtful).status()).isEqualTo(Status.READY);
    assertThat(state(doubtful).readyAt()).isPresent();
    assertThat(claimable(Instant.now().plusSeconds(1)))
        .containsExactlyInAnyOrder("doubtful", "waiting");
  }

  @Test
  void aReleaseWithUnconsumedMailMakesTheRunReadyAtOnce() {
    Claim claim = claimed("r");
    done(journal.send(claim.run(), RESUME));

    done(journal.append(releasing(claim, Status.IN_DOUBT, Optional.empty())));

    assertThat(state(claim.run()).status()).isEqualTo(Status.READY);
    assertThat(claimAgain("r", now).epoch()).isEqualTo(2);
  }

  @Test
  void aReleaseThatConsumesTheMailStands() {
    Claim claim = claimed("r");
    done(journal.send(claim.run(), RESUME));
    long number = journal.mail(claim.run()).get(0).number();

    var release = new Release(Status.IN_DOUBT, Optional.empty());
    done(journal.append(releasing(claim, List.of(number), release)));

    assertThat(state(claim.run()).status()).isEqualTo(Status.IN_DOUBT);
    assertThat(journal.mail(claim.run())).isEmpty();
    assertThat(claimable(now.plusSeconds(60))).isEmpty();
  }

  @Test
  void mailDoesNotReviveARunThatEnds() {
    Claim claim = claimed("r");
    done(journal.send(claim.run(), RESUME));

    done(journal.append(releasing(claim, Status.COMPLETED, Optional.empty())));

    assertThat(state(claim.run()).status()).isEqualTo(Status.COMPLETED);
    assertThat(claimable(now.plusSeconds(60))).isEmpty();
  }

  @Test
  void mailForARunThatIsUnknownOrHasEndedIsRefused() {
    var unknown = new RunId("unknown");
    assertThat(failureOf(journal.send(unknown, RESUME)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("unknown");
    for (Status status : List.of(Status.COMPLETED, Status.FAILED, Status.CANCELLED)) {
      RunId ended = standing(status.name(), status, Optional.empty());
      assertThat(failureOf(journal.send(ended, RESUME)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(status.name());
      assertThat(journal.mail(ended)).isEmpty();
    }
  }

  @Test
  void aTruncatedRunTakesAResumeAndNothingElse() {
    RunId run = standing("r", Status.TRUNCATED, Optional.empty());
    var settle = new Message.Settle(PATH, new Verdict.DidNotHappen(), "bert", "asked");

    assertThat(failureOf(journal.send(run, settle))).isInstanceOf(IllegalStateException.class);
    assertThat(state(run).status()).isEqualTo(Status.TRUNCATED);
    done(journal.send(run, RESUME));

    assertThat(state(run).status()).isEqualTo(Status.READY);
    assertThat(claimable(Instant.now().plusSeconds(1))).containsExactly("r");
  }

  @Test
  void aCompletedRunTakesAnOrderToUndoWhatItDidAndNothingElse() {
    RunId run = standing("r", Status.COMPLETED, Optional.empty());

    assertThat(failureOf(journal.send(run, RESUME))).isInstanceOf(IllegalStateException.class);
    assertThat(failureOf(journal.send(run, new Message.Cancel("bert", "late"))))
        .isInstanceOf(IllegalStateException.class);
    assertThat(state(run).status()).isEqualTo(Status.COMPLETED);
    done(journal.send(run, new Message.RollBack("bert", "wrong")));

    assertThat(state(run).status()).isEqualTo(Status.READY);
    assertThat(claimable(Instant.now().plusSeconds(1))).containsExactly("r");
    RunId undone = standing("s", Status.COMPENSATED, Optional.empty());
    assertThat(failureOf(journal.send(undone, new Message.RollBack("bert", "again"))))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void payloadsOfEverySizeAndShapeSurvive() {
    var large = new Payload("\"" + "0123456789 abcdé😀".repeat(300_000) + "\"");
    var shaped = new Payload("{\"$ref\":\"#/definitions/order\"}");
    var middling = new Payload("\"" + "x".repeat(2_000) + "\"");
    Claim claim = claimed("r");
    Claim other = claimed("other");
    Entry[] entries = {
      succeeded(large),
      succeeded(shaped),
      succeeded(middling),
      succeeded(middling),
      succeeded(Payload.NULL),
      intended(large),
      intended(middling),
      new Entry.StepAnswered(PATH, new Entry.Call(Contract.READ, "d", middling), large),
      new Entry.DoubtSettled(PATH, new Verdict.Happened(middling), "anna", "knows"),
      new Entry.RunCompleted(middling)
    };

    done(journal.append(append(claim, entries)));
    done(journal.append(append(other, succeeded(middling))));

    assertThat(entries(claim.run())).hasSize(11).endsWith(entries);
    assertThat(entries(other.run())).endsWith(succeeded(middling));
  }

  @Test
  void textsOfEveryKindSurvive() {
    String odd = "quote \" back \\ line \n nul \0 euro € emoji 😀 half \uD83D; drop table run --'";
    var run = new RunId("'; drop table run; -- 😀");
    Claim claim = claimed(run.text());

    done(journal.append(append(claim, marker(odd), new Entry.RunResumed(odd, ""))));
    done(journal.send(run, new Message.Resume(odd, odd)));

    assertThat(entries(run)).endsWith(marker(odd), new Entry.RunResumed(odd, ""));
    assertThat(journal.mail(run))
        .extracting(Message.Mail::message)
        .containsExactly(new Message.Resume(odd, odd));
    assertThat(state(run).id()).isEqualTo(run);
  }

  final Append consuming(Claim claim, List<Long> numbers) {
    return new Append(
        claim.run(),
        claim.epoch(),
        1,
        now,
        List.of(marker("read")),
        numbers,
        List.of(),
        Optional.empty());
  }

  private static Entry succeeded(Payload result) {
    return new Entry.EffectSucceeded(PATH, result, Entry.Origin.FRESH);
  }

  private static Entry intended(Payload input) {
    return new Entry.EffectIntended(
        PATH,
        new Entry.Call(Contract.KEYED, "d", input),
        new IdempotencyKey("k"),
        Optional.empty());
  }
}

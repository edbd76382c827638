package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.Release;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The laws of what a run that is released tells another in the same transaction. */
abstract class LetterContract extends SessionContract {
  private static final Entry.End END = new Entry.RunCompleted(new Payload("\"packed\""));

  private static Message.ChildEnded message(String child) {
    return new Message.ChildEnded(StepPath.ROOT.child("child", "pack", 0), new RunId(child), END);
  }

  /** Ends the run of that claim, which tells the other. */
  private Append telling(Claim child, String parent) {
    var letter = new Release.Letter(new RunId(parent), message(child.run().text()));
    var release =
        new Release(
            Status.COMPLETED,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(letter));
    return new Append(
        child.run(),
        child.epoch(),
        1,
        now,
        List.of(END),
        List.of(),
        List.of(),
        Optional.of(release));
  }

  private RunId standing(String id, Status status) {
    Claim claim = claimed(id);
    done(journal.append(releasing(claim, status, Optional.empty())));
    return claim.run();
  }

  private List<Message> told(RunId run) {
    return journal.mail(run).stream().map(Message.Mail::message).toList();
  }

  @Test
  void aParkedRunIsToldAndReadyOnceTheOtherHasEnded() {
    RunId parent = standing("parent", Status.WAITING);
    Claim child = claimed("child");
    assertThat(claimable(now)).isEmpty();
    done(journal.append(telling(child, "parent")));

    assertThat(state(child.run()).status()).isEqualTo(Status.COMPLETED);
    assertThat(told(parent)).containsExactly(message("child"));
    assertThat(claimable(now)).containsExactly("parent");
  }

  @Test
  void aRunIsToldWhereverItStandsUnlessItHasEndedForGood() {
    Claim executing = claimed("executing");
    RunId truncated = standing("truncated", Status.TRUNCATED);
    RunId completed = standing("completed", Status.COMPLETED);
    RunId cancelled = standing("cancelled", Status.CANCELLED);
    for (String parent : List.of("executing", "truncated", "completed", "cancelled", "nobody")) {
      done(journal.append(telling(claimed("child of " + parent), parent)));
      assertThat(state(new RunId("child of " + parent)).status()).isEqualTo(Status.COMPLETED);
    }

    assertThat(told(executing.run())).containsExactly(message("child of executing"));
    assertThat(told(truncated)).containsExactly(message("child of truncated"));
    assertThat(told(completed)).isEmpty();
    assertThat(told(cancelled)).isEmpty();
    assertThat(state(truncated).status()).isEqualTo(Status.TRUNCATED);
    assertThat(claimable(now)).isEmpty();
  }

  @Test
  void aRunThatParksAtTheSameTimeIsNotForgotten() {
    Claim parent = claimed("parent");
    Claim child = claimed("child");
    var told = journal.append(telling(child, "parent"));
    var parked = journal.append(releasing(parent, Status.WAITING, Optional.empty()));
    done(told);
    done(parked);

    assertThat(state(parent.run()).status()).isEqualTo(Status.READY);
  }

  @Test
  void aRunThatParkedJustBeforeIsNotForgotten() {
    Claim parent = claimed("parent");
    Claim child = claimed("child");
    var parked = journal.append(releasing(parent, Status.WAITING, Optional.empty()));
    var told = journal.append(telling(child, "parent"));
    done(parked);
    done(told);

    assertThat(state(parent.run()).status()).isEqualTo(Status.READY);
    assertThat(told(parent.run())).containsExactly(message("child"));
  }

  @Test
  void anEndThatIsRefusedTellsNobody() {
    RunId parent = standing("parent", Status.WAITING);
    Claim child = claimed("child");
    Append late = telling(child, "parent");
    var stale =
        new Append(
            late.run(),
            child.epoch() - 1,
            1,
            now,
            late.entries(),
            List.of(),
            List.of(),
            late.release());

    failureOf(journal.append(stale));
    assertThat(told(parent)).isEmpty();
    assertThat(state(parent).status()).isEqualTo(Status.WAITING);
  }
}

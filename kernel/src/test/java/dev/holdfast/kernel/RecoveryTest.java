package dev.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.Recovery.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every contract in every state that a crash can leave: journal in, decision out. */
class RecoveryTest {
  private static final List<Contract> COLUMNS = List.of(Contract.values());
  private static final Duration SETTLE = Duration.ofSeconds(35);
  private static final Instant LATER = Facts.at(1_000);

  /** What comes next, in one word. */
  private static String decided(Contract contract, Facts facts) {
    return switch (Recovery.next(terms(contract), facts.step(), LATER)) {
      case Decision.Begin begin -> "begin";
      case Decision.Again again -> "again";
      case Decision.Probe probe -> "probe";
      case Decision.Delay delay -> "delay";
      case Decision.Return done -> "return";
      case Decision.Raise raise -> "raise";
      case Decision.Doubt doubt -> "doubt";
      case Decision.Stand stand -> "stand";
      case Decision.Halt halt -> "halt";
    };
  }

  private static Recovery.Terms terms(Contract contract) {
    return new Recovery.Terms(
        contract, 3, Duration.ofSeconds(30), Optional.empty(), SETTLE, Duration.ZERO);
  }

  /** One row: what is recorded, and the decision per contract in the order of the enum. */
  private static Stream<Arguments> row(String story, Recording recording, String... decisions) {
    return Stream.of(Contract.values())
        .map(contract ->
            Arguments.of(
                story,
                contract,
                recording,
                decisions.length == 1 ? decisions[0] : decisions[COLUMNS.indexOf(contract)]));
  }

  /** Writes a story about an effect under a contract. */
  @FunctionalInterface
  interface Recording {
    Facts of(Contract contract);
  }

  private static Facts open(Contract contract) {
    return new Facts().intended(contract);
  }

  private static Facts failedThrice(Contract contract, Failure last) {
    return open(contract)
        .failed(1, Facts.NOT_SENT)
        .attempt(2)
        .failed(2, Facts.NOT_SENT)
        .attempt(3)
        .failed(3, last);
  }

  static Stream<Arguments> table() {
    return Stream.of(undecided(), usedUp(), known()).flatMap(rows -> rows);
  }

  // columns: READ IDEMPOTENT KEYED TRANSACTIONAL VERIFIED ONCE
  private static Stream<Arguments> undecided() {
    return Stream.of(
            row("nothing", c -> new Facts(), "begin"),
            row(
                "intent and a crash",
                c -> open(c).claimed(),
                "again",
                "again",
                "again",
                "again",
                "probe",
                "doubt"),
            row(
                "two crashes",
                c -> open(c).claimed().attempt(2).claimed(),
                "again",
                "again",
                "again",
                "again",
                "probe",
                "doubt"),
            row("not sent", c -> open(c).failed(1, Facts.NOT_SENT), "again"),
            row("try later", c -> open(c).failed(1, Facts.TRANSIENT), "again"),
            row(
                "no answer",
                c -> open(c).failed(1, Facts.UNKNOWN),
                "again",
                "again",
                "again",
                "again",
                "probe",
                "doubt"),
            row(
                "no answer and a crash",
                c -> open(c).failed(1, Facts.UNKNOWN).claimed(),
                "again",
                "again",
                "again",
                "again",
                "probe",
                "doubt"))
        .flatMap(rows -> rows);
  }

  private static Stream<Arguments> usedUp() {
    return Stream.of(
            row("not sent, attempts used up", c -> failedThrice(c, Facts.NOT_SENT), "halt"),
            row(
                "no answer, attempts used up",
                c -> failedThrice(c, Facts.UNKNOWN),
                "halt",
                "halt",
                "halt",
                "halt",
                "probe",
                "doubt"),
            row(
                "attempts used up and resumed",
                c -> failedThrice(c, Facts.NOT_SENT).quarantined().claimed().resumed(),
                "again"))
        .flatMap(rows -> rows);
  }

  private static Stream<Arguments> known() {
    return Stream.of(
            row("succeeded", c -> open(c).succeeded(), "return"),
            row("succeeded and a crash", c -> open(c).succeeded().claimed(), "return"),
            row("given up", c -> open(c).gaveUp(Facts.REJECTED, 1), "raise"),
            row(
                "given up and resumed",
                c -> open(c).gaveUp(Facts.NOT_SENT, 1).quarantined().claimed().resumed(),
                "again"),
            row(
                "given up before its intent and resumed",
                c -> new Facts().gaveUp(Facts.NOT_SENT, 0).quarantined().claimed().resumed(),
                "begin"),
            row("in doubt", c -> open(c).claimed().doubted(DoubtPolicy.ASK), "stand"),
            row(
                "in doubt under proceed",
                c -> open(c).claimed().doubted(DoubtPolicy.PROCEED),
                "raise"),
            row(
                "settled: did not happen",
                c -> open(c).doubted(DoubtPolicy.ASK).settled(new Verdict.DidNotHappen()),
                "again"),
            row(
                "settled: happened",
                c -> open(c).doubted(DoubtPolicy.ASK).settled(new Verdict.Happened(Facts.RESULT)),
                "return"),
            row(
                "left unknown and learned later",
                c ->
                    open(c)
                        .doubted(DoubtPolicy.PROCEED)
                        .settled(new Verdict.Happened(Facts.RESULT)),
                "raise"))
        .flatMap(rows -> rows);
  }

  @ParameterizedTest(name = "{0}, {1}: {3}")
  @MethodSource("table")
  void decides(String story, Contract contract, Recording recording, String decision) {
    assertThat(decided(contract, recording.of(contract))).as(story).isEqualTo(decision);
  }

  @ParameterizedTest
  @EnumSource(Contract.class)
  void nothingHappensBeforeARetryIsDue(Contract contract) {
    Facts facts = open(contract).failed(1, Facts.TRANSIENT);
    Instant due = Facts.at(1).plusMillis(100);

    assertThat(Recovery.next(terms(contract), facts.step(), due.minusMillis(1)))
        .isEqualTo(new Decision.Delay(due));
    assertThat(Recovery.next(terms(contract), facts.step(), due)).isEqualTo(new Decision.Again());
  }

  @Test
  void aNoIsBelievedSettleAfterTheTakeover() {
    Facts facts = open(Contract.VERIFIED).claimed().claimed();

    assertThat(Recovery.next(terms(Contract.VERIFIED), facts.step(), LATER))
        .isEqualTo(new Decision.Probe(Facts.at(1).plus(SETTLE)));
  }

  @Test
  void aNoIsBelievedSettleAfterTheEndOfAnAttemptWhoseStartIsNotKnown() {
    Facts facts =
        open(Contract.VERIFIED).failed(1, Facts.NOT_SENT).attempt(2).failed(2, Facts.UNKNOWN);

    assertThat(Recovery.next(terms(Contract.VERIFIED), facts.step(), LATER))
        .isEqualTo(new Decision.Probe(Facts.at(3).plus(SETTLE)));
  }

  @Test
  void aRecordedFailureComesBackWithItsAttempts() {
    assertThat(
            Recovery.next(
                terms(Contract.KEYED),
                open(Contract.KEYED).gaveUp(Facts.REJECTED, 4).step(),
                LATER))
        .isEqualTo(new Decision.Raise(Facts.REJECTED, 4));
  }

  /** A key that is remembered for an hour from entry 0, by the second of the question. */
  static Stream<Arguments> validity() {
    int margin = 3_600 - 30;
    Facts lost = open(Contract.KEYED).failed(1, Facts.UNKNOWN);
    Facts busyAfterLost =
        open(Contract.KEYED).failed(1, Facts.UNKNOWN).attempt(2).failed(2, Facts.TRANSIENT);
    Facts onlyBusy = open(Contract.KEYED).failed(1, Facts.TRANSIENT);
    Facts crashed = open(Contract.KEYED).claimed();
    Facts denied =
        open(Contract.KEYED).doubted(DoubtPolicy.ASK).settled(new Verdict.DidNotHappen());
    Facts crashedAgain = denied.claimed();
    Facts resumed =
        open(Contract.KEYED)
            .failed(1, Facts.UNKNOWN)
            .quarantined()
            .claimed()
            .resumed()
            .attempt(2)
            .failed(2, Facts.NOT_SENT);
    return Stream.of(
        Arguments.of("lost, in time", lost, margin, "Again"),
        Arguments.of("lost, too late", lost, margin + 1, "Doubt"),
        Arguments.of("crashed, in time", crashed, margin, "Again"),
        Arguments.of("crashed, too late", crashed, margin + 1, "Doubt"),
        Arguments.of("busy after lost, too late", busyAfterLost, margin + 1, "Doubt"),
        Arguments.of("only ever busy", onlyBusy, 100_000, "Again"),
        Arguments.of("known not to have happened", crashedAgain, 100_000, "Again"),
        Arguments.of("resumed, and not sent since", resumed, margin + 1, "Doubt"));
  }

  @ParameterizedTest(name = "{0}: {3}")
  @MethodSource("validity")
  void aKeyIsSentWhileItsTargetRemembersIt(String story, Facts facts, int second, String decision) {
    var terms =
        new Recovery.Terms(
            Contract.KEYED,
            1_000,
            Duration.ofSeconds(30),
            Optional.of(Duration.ofHours(1)),
            SETTLE,
            Duration.ZERO);

    assertThat(Recovery.next(terms, facts.step(), Facts.at(second)).getClass().getSimpleName())
        .as(story)
        .isEqualTo(decision);
  }

  @Test
  void afterATakeoverANoIsBelievedOnceTheOldLeaseIsOverToo() {
    Duration lease = Duration.ofSeconds(15);
    var terms =
        new Recovery.Terms(
            Contract.VERIFIED, 3, Duration.ofSeconds(30), Optional.empty(), SETTLE, lease);
    Facts crashed = open(Contract.VERIFIED).claimed();
    Facts live = open(Contract.VERIFIED).failed(1, Facts.UNKNOWN);

    assertThat(Recovery.next(terms, crashed.step(), Facts.at(2)))
        .isEqualTo(new Recovery.Decision.Probe(Facts.at(1).plus(lease).plus(SETTLE)));
    assertThat(Recovery.next(terms, live.step(), Facts.at(2)))
        .as("its own attempt is over")
        .isEqualTo(new Recovery.Decision.Probe(Facts.at(1).plus(SETTLE)));
  }

  @ParameterizedTest
  @EnumSource(Contract.class)
  void noStoryOfFourEntriesRepeatsWhatMayHaveHappenedUnderOnce(Contract contract) {
    List<Failure> failures = Arrays.asList(Facts.NOT_SENT, Facts.TRANSIENT, Facts.UNKNOWN, null);
    for (Failure first : failures) {
      for (Failure second : failures) {
        Facts facts = open(contract);
        facts = first == null ? facts.claimed() : facts.failed(1, first);
        facts = facts.attempt(2);
        facts = second == null ? facts.claimed() : facts.failed(2, second);
        boolean open = second == null || second.mayHaveHappened();
        String decision = decided(contract, facts);

        if (contract == Contract.ONCE && open) {
          assertThat(decision).as("%s, %s", first, second).isEqualTo("doubt");
        } else if (contract == Contract.VERIFIED && open) {
          assertThat(decision).as("%s, %s", first, second).isEqualTo("probe");
        } else {
          assertThat(decision).as("%s, %s", first, second).isEqualTo("again");
        }
      }
    }
  }
}

package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.Reservation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The laws of facts: reserved once, kept with the entries that say so. */
abstract class LedgerContract extends DeathContract {
  static final String REFUND = "refund[\"17\"]";
  static final Entry GRANTED = marker("granted");
  static final Entry REFUSED = marker("refused");
  private static final StepPath PATH = new StepPath("effect:pay#0");

  /** The fact as a run holds it. */
  static Fact held(Claim claim, String name) {
    return new Fact(
        name,
        0,
        Fact.State.HELD,
        claim.run(),
        PATH,
        "d1g",
        new Payload("{\"cents\":1050}"),
        Payload.NULL);
  }

  /** Grants a fact that nobody has or had. */
  static Function<Optional<Fact>, Reservation.Decision> granting(Claim claim, String name) {
    return row ->
        row.filter(fact -> fact.state() != Fact.State.FREE).isEmpty()
            ? new Reservation.Decision(GRANTED, Optional.of(held(claim, name)))
            : new Reservation.Decision(REFUSED, Optional.empty());
  }

  Reservation asking(Claim claim, long sequence, String name) {
    return new Reservation(claim.run(), claim.epoch(), sequence, now, name, granting(claim, name));
  }

  /** Lets a claim hold that fact, by the first entry behind it. */
  Fact reserved(Claim claim, String name) {
    assertThat(done(journal.reserve(asking(claim, claim.nextSequence(), name)))).isEqualTo(GRANTED);
    return held(claim, name);
  }

  /** An append of one entry and those facts. */
  Append changing(Claim claim, long sequence, Fact... facts) {
    return new Append(
        claim.run(),
        claim.epoch(),
        sequence,
        now,
        List.of(marker("changed")),
        List.of(),
        List.of(facts),
        Optional.empty());
  }

  @Test
  void aFactIsReservedTogetherWithItsEntry() {
    Claim claim = claimed("r");
    assertThat(journal.fact(REFUND)).isEmpty();

    Entry written = done(journal.reserve(asking(claim, 1, REFUND)));

    assertThat(written).isEqualTo(GRANTED);
    assertThat(entries(claim.run())).hasSize(2).endsWith(GRANTED);
    assertThat(journal.entries(claim.run(), 1, 1).get(0).at()).isEqualTo(now);
    assertThat(journal.entries(claim.run(), 1, 1).get(0).epoch()).isEqualTo(1);
    assertThat(journal.fact(REFUND)).contains(held(claim, REFUND));
    assertThat(journal.fact("refund[\"18\"]")).isEmpty();
  }

  @Test
  void theDecisionSeesTheRowAndMayLeaveItAsItIs() {
    Claim holder = claimed("holder");
    Claim late = claimed("late");
    Fact row = reserved(holder, REFUND);
    var seen = new ArrayList<Optional<Fact>>();

    assertThat(done(journal.reserve(looking(late, seen)))).isEqualTo(REFUSED);

    assertThat(seen).isNotEmpty().allMatch(Optional.of(row)::equals);
    assertThat(entries(late.run())).endsWith(REFUSED);
    assertThat(journal.fact(REFUND)).contains(row);
  }

  private Reservation looking(Claim claim, List<Optional<Fact>> seen) {
    return new Reservation(
        claim.run(),
        1,
        1,
        now,
        REFUND,
        found -> {
          seen.add(found);
          return new Reservation.Decision(REFUSED, Optional.empty());
        });
  }

  @Test
  void ofManyRunsThatAskAtTheSameTimeOneIsGrantedTheFact() {
    List<Claim> claims = IntStream.range(0, 40).mapToObj(i -> claimed("r-" + i)).toList();

    List<CompletableFuture<Entry>> asked = claims.stream().map(this::askingAside).toList();
    List<Entry> written = asked.stream().map(JournalFixture::done).toList();

    assertThat(written).filteredOn(GRANTED::equals).hasSize(1);
    Claim winner = claims.get(written.indexOf(GRANTED));
    assertThat(journal.fact(REFUND)).contains(held(winner, REFUND));
    for (int i = 0; i < claims.size(); i++) {
      assertThat(entries(claims.get(i).run())).hasSize(2).endsWith(written.get(i));
    }
  }

  private CompletableFuture<Entry> askingAside(Claim claim) {
    return CompletableFuture.supplyAsync(() -> done(journal.reserve(asking(claim, 1, REFUND))));
  }

  @Test
  void aReservationUnderAClaimThatIsNotHeldWritesNeitherEntryNorRow() throws Exception {
    Claim claim = claimed("r");
    var never = new Claim(new RunId("never-started"), WORKFLOW, 1, 1);
    for (Claim zombie : List.of(new Claim(claim.run(), WORKFLOW, 2, 1), never)) {
      assertThat(failureOf(journal.reserve(asking(zombie, 1, REFUND))))
          .isInstanceOf(Fenced.class)
          .hasMessageContaining(zombie.run().text());
    }
    journal.abandon();
    journal = opened();
    assertThat(failureOf(journal.reserve(asking(claim, 1, REFUND)))).isInstanceOf(Fenced.class);

    assertThat(entries(claim.run())).hasSize(1);
    assertThat(journal.fact(REFUND)).isEmpty();
  }

  @Test
  void aReservationWithAGapWritesNeitherEntryNorRow() {
    Claim claim = claimed("r");

    assertThat(failureOf(journal.reserve(asking(claim, 2, REFUND))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("r");

    assertThat(journal.fact(REFUND)).isEmpty();
    assertThat(done(journal.reserve(asking(claim, 1, REFUND)))).isEqualTo(GRANTED);
  }

  @Test
  void aDecisionThatFailsFailsAlone() {
    Claim good = claimed("good");
    Claim bad = claimed("bad");

    var before = journal.append(append(good, 1, marker("before")));
    var failed = journal.reserve(broken(bad));
    var after = journal.append(append(good, 2, marker("after")));

    assertThat(failureOf(failed)).isNotNull();
    done(before);
    done(after);
    assertThat(entries(bad.run())).hasSize(1);
    assertThat(entries(good.run())).hasSize(3);
    done(journal.append(append(bad, 1, marker("goes on"))));
  }

  private Reservation broken(Claim claim) {
    return new Reservation(
        claim.run(),
        1,
        1,
        now,
        REFUND,
        row -> {
          throw new IllegalArgumentException("cannot decide");
        });
  }

  @Test
  void appendsAndReservationsOfOneRunTakeEffectInTheOrderOfTheirCalls() {
    Claim claim = claimed("r");
    var futures = new ArrayList<CompletableFuture<?>>();
    for (int i = 0; i < 600; i++) {
      Entry entry = marker("m-" + i);
      futures.add(
          i % 2 == 0
              ? journal.append(append(claim, i + 1, entry))
              : journal.reserve(counting(claim, i + 1, entry)));
    }
    futures.forEach(JournalFixture::done);
    assertThat(entries(claim.run()).subList(1, 601))
        .isEqualTo(IntStream.range(0, 600).mapToObj(i -> marker("m-" + i)).toList());
    assertThat(journal.fact(REFUND).orElseThrow().generation()).isEqualTo(300);
  }

  /** A reservation that counts in the row how many there were. */
  private Reservation counting(Claim claim, long sequence, Entry entry) {
    return new Reservation(
        claim.run(),
        1,
        sequence,
        now,
        REFUND,
        row -> {
          Fact next = row.orElse(held(claim, REFUND)).refused().in(Fact.State.HELD);
          return new Reservation.Decision(entry, Optional.of(next));
        });
  }

  @Test
  void whatIsQueuedBehindAnAppendSeesItsFacts() {
    Claim holder = claimed("holder");
    Claim late = claimed("late");

    var reserved = journal.reserve(asking(holder, 1, REFUND));
    var freed = journal.append(changing(holder, 2, held(holder, REFUND).refused()));
    var granted = journal.reserve(asking(late, 1, REFUND));

    assertThat(done(reserved)).isEqualTo(GRANTED);
    done(freed);
    assertThat(done(granted)).isEqualTo(GRANTED);
    assertThat(journal.fact(REFUND)).contains(held(late, REFUND));
  }

  @Test
  void theRowFollowsTheAppendsOfTheRunThatHoldsIt() {
    Claim claim = claimed("r");
    Fact fact = reserved(claim, REFUND);
    Fact doubted = fact.in(Fact.State.IN_DOUBT);
    Fact happened = fact.happened(new Payload("\"receipt\""));

    done(journal.append(changing(claim, 2, doubted)));
    assertThat(journal.fact(REFUND)).contains(doubted);
    assertThat(journal.facts(Fact.State.IN_DOUBT, 10)).containsExactly(doubted);

    done(journal.append(changing(claim, 3, happened)));
    assertThat(journal.fact(REFUND)).contains(happened);
    assertThat(journal.facts(Fact.State.IN_DOUBT, 10)).isEmpty();
    assertThat(entries(claim.run())).hasSize(4);
  }

  /**
   * Whether the journal keeps keyed digests in the place of names, and so knows no order of them.
   */
  protected boolean areNamesKeyed() {
    return false;
  }

  @Test
  void factsAreListedByStateInTheOrderOfTheirNames() {
    Claim claim = claimed("r");
    long sequence = 1;
    for (String name : List.of("c", "a", "d", "b", "e")) {
      done(journal.reserve(asking(claim, sequence++, name)));
    }
    Fact happened = held(claim, "d").happened(Payload.NULL);
    done(journal.append(changing(claim, sequence, happened, held(claim, "a").refused())));

    assertThat(names(Fact.State.HELD, 10)).containsExactlyInAnyOrder("b", "c", "e");
    assertThat(names(Fact.State.HELD, 2)).hasSize(2).isSubsetOf("b", "c", "e");
    if (!areNamesKeyed()) {
      assertThat(names(Fact.State.HELD, 10)).containsExactly("b", "c", "e");
      assertThat(names(Fact.State.HELD, 2)).containsExactly("b", "c");
    }
    assertThat(names(Fact.State.HAPPENED, 10)).containsExactly("d");
    assertThat(names(Fact.State.FREE, 10)).containsExactly("a");
    assertThat(names(Fact.State.IN_DOUBT, 10)).isEmpty();
  }

  private List<String> names(Fact.State state, int countMax) {
    return journal.facts(state, countMax).stream().map(Fact::name).toList();
  }

  @Test
  void onlyTheRunThatHoldsAFactSaysHowItStands() {
    Claim holder = claimed("holder");
    Claim other = claimed("other");
    Fact mine = reserved(holder, "mine");

    refused(changing(other, 1, mine.refused()));
    refused(changing(other, 1, held(other, "mine").refused()));
    refused(changing(other, 1, held(other, "unknown")));
    refused(changing(holder, 2, mine.happened(Payload.NULL), held(other, "mine")));

    assertThat(journal.fact("mine")).contains(mine);
    assertThat(journal.fact("unknown")).isEmpty();
    assertThat(entries(other.run())).hasSize(1);
    assertThat(entries(holder.run())).hasSize(2);
  }

  @Test
  void aFactThatHappenedOrIsFreeIsHeldByNobody() {
    Claim claim = claimed("r");
    Fact happened = reserved(claim, "happened").happened(Payload.NULL);
    done(journal.reserve(asking(claim, 2, "free")));
    Fact free = held(claim, "free").refused();
    done(journal.append(changing(claim, 3, happened, free)));

    refused(changing(claim, 4, happened.in(Fact.State.IN_DOUBT)));
    refused(changing(claim, 4, free.happened(Payload.NULL)));

    assertThat(journal.fact("happened")).contains(happened);
    assertThat(journal.fact("free")).contains(free);
  }

  @Test
  void aFactThatItsOwnRunUndidIsFreeForAnyoneUnderTheNextGeneration() {
    Claim claim = claimed("r");
    Fact happened = reserved(claim, REFUND).happened(Payload.NULL);
    done(journal.append(changing(claim, 2, happened)));

    done(journal.append(changing(claim, 3, happened.refused())));

    assertThat(journal.fact(REFUND)).contains(happened.refused());
    assertThat(journal.fact(REFUND).orElseThrow().generation())
        .isEqualTo(happened.generation() + 1);
  }

  private void refused(Append append) {
    assertThat(failureOf(journal.append(append)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("does not hold the fact");
  }

  @Test
  void aFencedAppendChangesNoFact() {
    Claim claim = claimed("r");
    Fact fact = reserved(claim, REFUND);
    var zombie = new Claim(claim.run(), WORKFLOW, 9, 2);

    assertThat(failureOf(journal.append(changing(zombie, 2, fact.refused()))))
        .isInstanceOf(Fenced.class);

    assertThat(journal.fact(REFUND)).contains(fact);
  }

  @Test
  void namesAndPayloadsOfEveryKindSurvive() {
    Claim claim = claimed("r \"1\" 😀");
    Fact fact = odd(claim);
    var decision = new Reservation.Decision(GRANTED, Optional.of(fact));

    done(journal.reserve(new Reservation(claim.run(), 1, 1, now, fact.name(), row -> decision)));
    assertThat(journal.fact(fact.name())).contains(fact);
    done(journal.append(changing(claim, 2, fact.happened(fact.input()))));

    assertThat(journal.fact(fact.name())).contains(fact.happened(fact.input()));
  }

  private static Fact odd(Claim claim) {
    return new Fact(
        "quote \" back \\ line \n nul \0 euro € 😀 {\"$ref\":\"x\"}; drop table fact --'",
        Integer.MAX_VALUE,
        Fact.State.HELD,
        claim.run(),
        new StepPath("effect:half \uD83D#0"),
        "d1g",
        new Payload("\"" + "0123456789 abcdé😀".repeat(100_000) + "\""),
        Payload.NULL);
  }

  @Test
  void afterAnAbruptEndEntryAndRowAreThereTogetherOrNeither() throws Exception {
    Claim claim = claimed("r");
    var futures = new ArrayList<CompletableFuture<Entry>>();
    for (int i = 0; i < 2_000; i++) {
      futures.add(journal.reserve(naming(claim, i)));
    }
    done(futures.get(10));
    journal.abandon();

    long confirmed =
        futures.stream().filter(future -> catchThrowable(() -> done(future)) == null).count();
    journal = opened();
    assertThat(entries(claim.run())).hasSizeGreaterThan((int) confirmed);
    assertEachFactHasItsEntry(claim.run());
  }

  private void assertEachFactHasItsEntry(RunId run) {
    List<Entry> kept = entries(run);
    assertThat(journal.facts(Fact.State.HELD, 10_000)).hasSize(kept.size() - 1);
    for (int i = 0; i < kept.size() - 1; i++) {
      assertThat(kept.get(i + 1)).isEqualTo(marker("fact-" + i));
      assertThat(journal.fact("fact-" + i)).isPresent();
    }
  }

  private Reservation naming(Claim claim, int number) {
    String name = "fact-" + number;
    var decision = new Reservation.Decision(marker(name), Optional.of(held(claim, name)));
    return new Reservation(claim.run(), 1, number + 1, now, name, row -> decision);
  }
}

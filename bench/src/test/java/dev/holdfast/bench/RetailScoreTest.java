package dev.holdfast.bench;

import static dev.holdfast.bench.SmallCases.CANCELLED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.examples.RetailBase;
import dev.holdfast.examples.RetailEpisode.Told;
import dev.holdfast.examples.RetailScript;
import dev.holdfast.examples.RetailScript.Expected;
import dev.holdfast.examples.RetailShop;
import dev.holdfast.examples.RetailWorld;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.json.JsonCodec;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each law is broken on purpose, so that none can hold by not being looked at. */
class RetailScoreTest {
  private static final StepPath CANCEL = new StepPath("tool:cancel_pending_order#0");

  @TempDir private Path folder;
  private RetailShop shop;
  private RetailScript script;
  private RetailWorld world;

  @BeforeEach
  void open() {
    new SmallCases(folder).cancelling(CANCELLED).write();
    shop = RetailShop.open(RetailBase.load(folder), folder.resolve("shop.db"));
    script = RetailScript.read(folder).getFirst();
    world = shop.world("w");
  }

  @AfterEach
  void close() {
    shop.close();
  }

  private Expected cancelling() {
    return script.expected().get(1);
  }

  private Map<String, Told> playedOnce() {
    Map<String, Told> told = new HashMap<>();
    for (Expected each : script.expected()) {
      String id = each.call().id();
      told.put(id, new Told(id, world.execute(each.call()), false));
    }
    return told;
  }

  private RetailTally judged(Map<String, Told> told) {
    var tally = new RetailTally(List.of(script));
    tally.held.judge("test", script, world, told);
    return tally;
  }

  @Test
  void oneExecutionAsRecordedBreaksNoLaw() {
    assertThat(judged(playedOnce()).brokenLaws()).isEmpty();
  }

  @Test
  void aSecondExecutionIsADuplicate() {
    Map<String, Told> told = playedOnce();
    world.execute(cancelling().call());
    RetailTally tally = judged(told);
    assertThat(tally.held.duplicates()).isEqualTo(1);
    assertThat(tally.brokenLaws())
        .containsExactly("no call may be executed twice", "nothing may be repeated in silence");
  }

  @Test
  void aResultThatTheShopKnowsNothingOfIsLost() {
    Expected lost = cancelling();
    Map<String, Told> told = new HashMap<>();
    script
        .expected()
        .forEach(each ->
            told.put(
                each.call().id(), new Told(each.call().id(), each.result().orElseThrow(), false)));
    RetailTally tally = judged(told);
    assertThat(tally.held.lost()).isEqualTo(1);
    assertThat(tally.held.faults().toString()).contains(lost.call().id());
    assertThat(tally.brokenLaws())
        .contains("no call with a result may be missing in the shop")
        .contains("every final state must be as recorded");
  }

  @Test
  void aMissingResultIsNotEqual() {
    Map<String, Told> told = playedOnce();
    told.remove(cancelling().call().id());
    assertThat(judged(told).brokenLaws()).containsExactly("every result must be as recorded");
  }

  @Test
  void nothingPlayedIsNothingProved() {
    assertThat(new RetailTally(List.of(script)).brokenLaws())
        .contains("every recorded run must be executed");
    assertThat(new RetailTally(List.of()).brokenLaws()).contains("there must be a recorded run");
  }

  @Test
  void aDoubtThatNobodyToldIsASilentOne() {
    RetailTally tally = judged(playedOnce());
    tally.doubtsExpected.set(1);
    tally.doubtsMissed.set(1);
    assertThat(tally.brokenLaws())
        .containsExactly(
            "every doubt, and no other, is reported", "nothing may be repeated in silence");
  }

  @Test
  void moreModelCallsThanCrashesAreTooMany() {
    RetailTally tally = judged(playedOnce());
    tally.modelCallsRedone.set(1);
    assertThat(tally.brokenLaws())
        .containsExactly("at most one model call may be made again for each crash");
  }

  @Test
  void theNaiveLoopRepeatsWhatItDidBeforeTheCrash() {
    var loop = new NaiveLoop(script, world);
    loop.play(List.of(new NaiveLoop.Crash(3, 1)));
    assertThat(world.ledger()).hasSize(2);
    assertThat(loop.modelCallsRedone()).isEqualTo(3);
    RetailTally tally = judged(loop.told());
    assertThat(tally.held.duplicates()).isEqualTo(1);
    assertThat(tally.held.callsWrong()).isEqualTo(1);
  }

  private List<Recorded> journal(Entry... entries) {
    List<Recorded> journal = new ArrayList<>();
    for (Entry entry : entries) {
      journal.add(new Recorded(journal.size(), 1, Instant.EPOCH, entry));
    }
    return journal;
  }

  private Entry intended(StepPath path, Contract contract) {
    var call = new Entry.Call(contract, "", new Payload(cancelling().call().arguments()));
    return new Entry.EffectIntended(path, call, new IdempotencyKey("k"), Optional.empty());
  }

  @Test
  void anIntentIsOpenUntilItsEndIsRecorded() {
    var done = new Entry.EffectSucceeded(CANCEL, Payload.NULL, Entry.Origin.FRESH);
    Entry once = intended(CANCEL, Contract.ONCE);
    assertThat(OpenIntents.of(journal(once))).containsOnly(Map.entry(CANCEL, 0L));
    assertThat(OpenIntents.of(journal(once, done))).isEmpty();
    assertThat(OpenIntents.of(journal(intended(CANCEL, Contract.KEYED)))).isEmpty();
    var doubted = new Entry.EffectDoubted(CANCEL, "why", DoubtPolicy.ASK);
    assertThat(OpenIntents.of(journal(once, doubted))).isEmpty();
    assertThat(OpenIntents.doubts(journal(once, doubted))).isEqualTo(1);
    var again = new Entry.AttemptStarted(CANCEL, 2);
    assertThat(OpenIntents.of(journal(once, doubted, again))).containsOnly(Map.entry(CANCEL, 2L));
  }

  @Test
  void thePersonFindsInTheBooksWhatHappened() {
    List<Recorded> journal = journal(intended(CANCEL, Contract.ONCE));
    var person = new RetailPerson(world, journal, JsonCodec.standard()::encode);
    assertThat(person.settle(CANCEL)).isEqualTo(new Verdict.DidNotHappen());
    String result = world.execute(cancelling().call());
    assertThat(person.settle(CANCEL))
        .isEqualTo(new Verdict.Happened(JsonCodec.standard().encode(result)));
  }

  @Test
  void thePersonDoesNotCountAnExecutionThatAnotherStepAccountsFor() {
    var second = new StepPath("tool:cancel_pending_order#1");
    world.execute(cancelling().call());
    var done = new Entry.EffectSucceeded(CANCEL, Payload.NULL, Entry.Origin.FRESH);
    List<Recorded> journal =
        journal(intended(CANCEL, Contract.ONCE), done, intended(second, Contract.ONCE));
    var person = new RetailPerson(world, journal, JsonCodec.standard()::encode);
    assertThat(person.settle(second)).isEqualTo(new Verdict.DidNotHappen());
  }
}

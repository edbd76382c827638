package dev.holdfast.testing;

import static dev.holdfast.kernel.Client.Fork.Choice.ACCEPT;
import static dev.holdfast.kernel.Client.Fork.Choice.ADOPT;
import static dev.holdfast.kernel.Client.Fork.Choice.COMPENSATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.Client.Fork;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run that begins as another one, and what it may send. */
class ForkTest {
  private static final StepPath FIND = step("find");
  private static final StepPath PAY = step("pay");
  private static final StepPath MAIL = step("mail");

  private final Stage stage = Stage.leaping();

  @AfterEach
  void close() {
    stage.close();
  }

  private static StepPath step(String name) {
    return StepPath.ROOT.child("effect", name, 0);
  }

  private static Workflow<String, String> workflow(Function<Run, String> body) {
    return workflow("1", body);
  }

  private static Workflow<String, String> workflow(String version, Function<Run, String> body) {
    return Workflow.of("order", String.class, String.class)
        .version(version)
        .body((run, input) -> body.apply(run));
  }

  /** Finds, pays and mails. */
  private Workflow<String, String> order() {
    return workflow(run ->
        run.effect("find", "17", stage.world.effect(Contract.READ))
            + run.effect("pay", "pay", stage.world.effect(Contract.KEYED))
            + run.effect("mail", "mail", stage.world.effect(Contract.ONCE)));
  }

  private Engine played(Workflow<String, String> workflow) {
    Engine engine = stage.open(workflow);
    stage.settled(engine.start(workflow, "r", "in"));
    return engine;
  }

  private Outcome<String> outcome(Engine engine, String id) {
    Handle<String> handle = engine.find(id, String.class);
    return stage.settled(handle);
  }

  @Test
  void whatIsAdoptedIsNotSentAgain() {
    Engine engine = played(order());

    engine.client().fork("r", "f", Fork.at(FIND).choose(PAY, ADOPT).choose(MAIL, ADOPT));

    assertThat(outcome(engine, "f"))
        .isEqualTo(new Outcome.Completed<>("answer to 17answer to payanswer to mail"));
    assertThat(stage.world.calls("17")).isEqualTo(1);
    assertThat(stage.world.calls("pay")).isEqualTo(1);
    assertThat(stage.world.calls("mail")).isEqualTo(1);
    assertThat(stage.entries("f", Entry.AnswerTaken.class)).hasSize(3);
  }

  @Test
  void whatIsAcceptedIsSentAgainUnderAnotherKey() {
    Engine engine = played(order());

    engine.client().fork("r", "f", Fork.at(PAY).choose(PAY, ACCEPT).choose(MAIL, ADOPT));

    assertThat(outcome(engine, "f")).isInstanceOf(Outcome.Completed.class);
    assertThat(stage.world.happened("pay")).isEqualTo(2);
    assertThat(new HashSet<>(stage.world.keys("pay"))).hasSize(2);
    assertThat(stage.world.calls("17")).isEqualTo(1);
    assertThat(stage.world.calls("mail")).isEqualTo(1);
  }

  @Test
  void whatWasNotUndoneCannotBeCompensated() {
    Engine engine = played(order());
    Fork fork = Fork.at(MAIL).choose(MAIL, COMPENSATE);
    assertThatThrownBy(() -> engine.client().fork("r", "f", fork))
        .isInstanceOf(RunException.ForkRefused.class)
        .hasMessageContaining("effect:mail#0 was not undone");
    assertNothingStarted(engine);
  }

  private void assertNothingStarted(Engine engine) {
    assertThatThrownBy(() -> engine.find("f", String.class))
        .isInstanceOf(RunException.RunNotFound.class);
  }

  @Test
  void everyEffectAfterTheCutNeedsAChoice() {
    Engine engine = played(order());

    assertThat(engine.client().sentAfter("r", FIND))
        .extracting(Fork.Sent::path, Fork.Sent::contract, sent -> sent.result().isPresent())
        .containsExactly(tuple(PAY, Contract.KEYED, true), tuple(MAIL, Contract.ONCE, true));
    assertThat(engine.client().sentAfter("r", MAIL)).hasSize(1);
    assertThatThrownBy(() -> engine.client().fork("r", "f", Fork.at(FIND).choose(PAY, ADOPT)))
        .isInstanceOf(RunException.ForkRefused.class)
        .hasMessageContaining("effect:mail#0 (ONCE) happened")
        .hasMessageContaining("a second charge");
    assertNothingStarted(engine);
  }

  @Test
  void theCutMustBeAStepAndTheChoicesBehindIt() {
    Engine engine = played(order());
    assertThatThrownBy(() -> engine.client().fork("r", "f", Fork.at(step("none"))))
        .isInstanceOf(RunException.ForkRefused.class)
        .hasMessageContaining("has no step 'effect:none#0'");
    Fork before = Fork.at(MAIL).choose(MAIL, ADOPT).choose(PAY, ACCEPT);
    assertThatThrownBy(() -> engine.client().fork("r", "f", before))
        .isInstanceOf(RunException.ForkRefused.class)
        .hasMessageContaining("'effect:pay#0' is no step of it after the cut");
    assertNothingStarted(engine);
  }

  @ParameterizedTest
  @EnumSource(Contract.class)
  void aNewEffectIsRefusedUntilItsContractIsLive(Contract contract) {
    Engine engine = played(order());
    Workflow<String, String> changed =
        workflow(
            "2",
            run ->
                run.effect("find", "17", stage.world.effect(Contract.READ))
                    + run.effect("other", "other", stage.world.effect(contract)));
    engine.register(changed);
    Fork fork = Fork.at(PAY).choose(PAY, ADOPT).choose(MAIL, ADOPT).version("2");

    engine.client().fork("r", "closed", fork);
    assertThat(outcome(engine, "closed"))
        .isInstanceOfSatisfying(
            Outcome.Quarantined.class,
            halt ->
                assertThat(halt.reason())
                    .contains("The fork stops before effect:other#0")
                    .contains("run r has no answer to it"));
    assertThat(stage.world.calls("other")).isZero();

    engine.client().fork("r", "live", fork.live(contract));
    assertThat(outcome(engine, "live"))
        .isEqualTo(new Outcome.Completed<>("answer to 17answer to other"));
    assertThat(stage.world.calls("other")).isEqualTo(1);
  }

  @Test
  void anAnswerToAnotherQuestionIsNotTaken() {
    Engine engine = played(order());
    engine.register(
        workflow("2", run -> run.effect("pay", "pay 20", stage.world.effect(Contract.KEYED))));

    Fork fork = Fork.at(FIND).choose(PAY, ADOPT).choose(MAIL, ADOPT).version("2");
    engine.client().fork("r", "f", fork);

    assertThat(outcome(engine, "f"))
        .isInstanceOfSatisfying(
            Outcome.Quarantined.class,
            halt -> assertThat(halt.reason()).contains("\"pay\"").contains("\"pay 20\""));
    assertThat(stage.world.calls("pay 20")).isZero();
  }

  @Test
  void aGlobalFactIsAnsweredByTheLedger() {
    Workflow<String, String> workflow =
        workflow(run ->
            run.effect("find", "17", stage.world.effect(Contract.READ))
                + run.effect("pay", "pay", fact(Intent.Scope.GLOBAL)));
    Engine engine = played(workflow);
    assertThat(engine.client().sentAfter("r", PAY)).isEmpty();
    Workflow<String, String> renamed =
        workflow("2", run -> run.effect("pay-again", "pay", fact(Intent.Scope.GLOBAL)));
    engine.register(renamed);

    engine.client().fork("r", "f", Fork.at(FIND).version("2"));

    assertThat(outcome(engine, "f")).isEqualTo(new Outcome.Completed<>("answer to pay"));
    assertThat(stage.world.calls("pay")).isEqualTo(1);
    assertThat(stage.entries("f", Entry.EffectSucceeded.class))
        .extracting(Entry.EffectSucceeded::origin)
        .containsExactly(Entry.Origin.DEDUPLICATED);
  }

  @Test
  void aFactOfTheRunThatWasAdoptedIsNotBroughtAboutAgain() {
    Workflow<String, String> workflow =
        workflow(run ->
            run.effect("find", "17", stage.world.effect(Contract.READ))
                + run.effect("pay", "pay", fact(Intent.Scope.RUN))
                + run.effect("again", "pay", fact(Intent.Scope.RUN)));
    Engine engine = played(workflow);

    engine.client().fork("r", "f", Fork.at(FIND).choose(PAY, ADOPT));

    assertThat(outcome(engine, "f"))
        .isEqualTo(new Outcome.Completed<>("answer to 17answer to payanswer to pay"));
    assertThat(stage.world.calls("pay")).isEqualTo(1);
  }

  private Effect<String, String> fact(Intent.Scope scope) {
    return stage.world.effect(Contract.KEYED).oncePer(scope, "payment", "17");
  }

  @Test
  void aDoubtCannotBeAdoptedAndCutsNothingBehindIt() {
    stage.world.failAfter(
        "mail",
        () -> {
          throw new IOException("lost");
        });
    Workflow<String, String> caught =
        workflow(run -> {
          try {
            return run.effect(
                "mail", "mail", stage.world.effect(Contract.ONCE).onDoubt(DoubtPolicy.PROCEED));
          } catch (EffectFailed unknown) {
            return run.effect("find", "17", stage.world.effect(Contract.READ));
          }
        });
    Engine engine = played(caught);

    assertThatThrownBy(() -> engine.client().fork("r", "f", Fork.at(FIND)))
        .isInstanceOf(RunException.ForkRefused.class)
        .hasMessageContaining("[effect:mail#0] began and has no outcome yet");
    assertThatThrownBy(() -> engine.client().fork("r", "f", Fork.at(MAIL).choose(MAIL, ADOPT)))
        .isInstanceOf(RunException.ForkRefused.class)
        .hasMessageContaining("nobody knows whether effect:mail#0 happened");
    engine.client().fork("r", "f", Fork.at(MAIL).choose(MAIL, ACCEPT));
    assertThat(outcome(engine, "f")).isEqualTo(new Outcome.Completed<>("answer to mail"));
    assertThat(stage.world.happened("mail")).isEqualTo(2);
  }

  @Test
  void aForkOfTheSameKindAttachesAndAnotherIsAConflict() {
    Engine engine = played(order());
    Fork fork = Fork.at(MAIL).choose(MAIL, ADOPT);
    engine.client().fork("r", "f", fork);
    engine.client().fork("r", "f", fork);
    assertThatThrownBy(() -> engine.client().fork("r", "f", Fork.at(MAIL).choose(MAIL, ACCEPT)))
        .isInstanceOf(RunException.RunConflict.class);
    assertThatThrownBy(() -> engine.client().fork("r", "r", fork))
        .isInstanceOf(RunException.RunConflict.class);
    outcome(engine, "f");
    assertThat(stage.world.calls("mail")).isEqualTo(1);
  }

  @Test
  void aForkOfAForkKnowsWhatBothHad() {
    Engine engine = played(order());
    engine.client().fork("r", "f", Fork.at(PAY).choose(PAY, ADOPT).choose(MAIL, ADOPT));
    outcome(engine, "f");

    assertThat(engine.client().sentAfter("f", PAY)).isEmpty();
    engine.client().fork("f", "g", Fork.at(MAIL));

    assertThat(outcome(engine, "g"))
        .isEqualTo(new Outcome.Completed<>("answer to 17answer to payanswer to mail"));
    assertThat(stage.world.calls("mail")).isEqualTo(1);
  }

  @Test
  void whatTheSourceWasRefusedIsAskedAgainOnlyWhereThatIsAccepted() {
    stage.world.failBefore(
        "pay",
        () -> {
          throw new KnownFailure(new Failure.Rejected("no", "no funds"));
        });
    Workflow<String, String> workflow =
        workflow(run -> run.effect("pay", "pay", stage.world.effect(Contract.KEYED)));
    Engine engine = stage.open(workflow);
    stage.settled(engine.start(workflow, "r", "in"));
    engine.client().fork("r", "closed", Fork.at(PAY));
    assertThat(outcome(engine, "closed")).isInstanceOf(Outcome.Quarantined.class);
    engine.client().fork("r", "open", Fork.at(PAY).choose(PAY, ACCEPT));
    assertThat(outcome(engine, "open")).isEqualTo(new Outcome.Completed<>("answer to pay"));
  }

  @Test
  void branchesAreCutByTheirPlaceInTheRecord() {
    Workflow<String, String> workflow =
        workflow(run -> String.join("", run.parallel("both", List.of(branch("a"), branch("b")))));
    Engine engine = played(workflow);
    StepPath last = stage.entries("r", Entry.EffectSucceeded.class).getLast().path();
    Set<StepPath> paths = new HashSet<>();
    engine.client().sentAfter("r", last).forEach(sent -> paths.add(sent.path()));
    Fork fork = Fork.at(last);
    for (StepPath path : paths) {
      fork = fork.choose(path, ADOPT);
    }
    try {
      engine.client().fork("r", "f", fork);
    } catch (RunException.ForkRefused interleaved) {
      assertThat(interleaved).hasMessageContaining("has no outcome yet");
      return; // the other branch was in mid-effect at the cut
    }
    assertThat(outcome(engine, "f")).isEqualTo(new Outcome.Completed<>("answer to aanswer to b"));
    assertThat(stage.world.calls("a") + stage.world.calls("b")).isEqualTo(2);
  }

  @Test
  void aChildWhoseBranchLostItsRaceIsNoneOfTheForks() {
    Workflow<String, String> patient =
        Workflow.of("patient", String.class, String.class)
            .body((run, input) -> slept(run, Duration.ofDays(9)));
    Workflow<String, String> workflow = workflow(run -> raced(run, patient));
    Engine engine = stage.open(workflow, patient);
    Handle<String> source = engine.start(workflow, "r", "in");
    var child = new RunId("r/race:first#0/branch:child/child:c#0");
    Awaitility.await()
        .until(() ->
            stage.journal().find(child).filter(c -> c.status() == Status.WAITING).isPresent());
    stage.clock.advance(Duration.ofDays(1));
    assertThat(stage.settled(source)).isEqualTo(new Outcome.Completed<>("slept and paid"));
    assertThat(stage.entries("r", Entry.ChildEnded.class)).isEmpty();

    engine.client().fork("r", "f", Fork.at(PAY).choose(PAY, ADOPT));
    engine.client().cancel("f", "ann", "enough");

    assertThat(outcome(engine, "f")).isInstanceOf(Outcome.Cancelled.class);
    assertThat(stage.world.calls("pay")).isEqualTo(1);
  }

  /** Only the fork stays to be cancelled. */
  private String raced(Run run, Workflow<String, String> patient) {
    String first =
        run.race(
            "first",
            List.of(
                new Run.Branch<>("child", branch -> branch.child("c", patient, "in")),
                new Run.Branch<>("timer", branch -> slept(branch, Duration.ofDays(1)))));
    run.effect("pay", "pay", stage.world.effect(Contract.KEYED));
    return run.id().text().equals("f")
        ? run.awaitSignal("never", String.class, Duration.ofDays(99)).orElse("none")
        : first + " and paid";
  }

  private static String slept(Run run, Duration duration) {
    run.sleep("sleep", duration);
    return "slept";
  }

  private Run.Branch<String> branch(String label) {
    return new Run.Branch<>(
        label, run -> run.effect(label, label, stage.world.effect(Contract.KEYED)));
  }
}

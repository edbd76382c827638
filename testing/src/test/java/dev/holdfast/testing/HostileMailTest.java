package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others send: names, ids and values of every kind. */
class HostileMailTest {
  private static final Duration DAY = Duration.ofDays(1);
  private final Stage stage = Stage.standing();

  @AfterEach
  void close() {
    stage.close();
  }

  /** What a step reads that checks its own values. */
  record Amount(int cents) {
    Amount {
      if (cents < 0) {
        throw new IllegalStateException("negative");
      }
      if (cents == 13) {
        throw new AssertionError("unlucky");
      }
    }
  }

  private static Outcome<String> completed(String result) {
    return new Outcome.Completed<>(result);
  }

  private <T> Workflow<String, String> waiting(Class<T> type) {
    return Workflow.of("w", String.class, String.class)
        .body((run, input) -> run.awaitSignal("go", type, DAY).map(String::valueOf).orElse("none"));
  }

  private Handle<String> parked(Workflow<String, String> workflow) {
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");
    stage.parked(handle);
    return handle;
  }

  private void sendRaw(String name, String id, String value) {
    stage
        .journal()
        .send(new RunId("r"), new Message.Signal(name, id, new Payload(value), "mallory", ""))
        .join();
  }

  @Test
  void namesAndIdsThatReadAlikeAreTwoSignals() {
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) ->
                run.awaitSignal("go", String.class, DAY).orElse("none")
                    + run.awaitSignal("go (a)", String.class, DAY).orElse("none"));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);

    engine.client().signal("r", "go", "a) (b", "first", "ann");
    engine.client().signal("r", "go (a)", "b", "second", "ann");

    assertThat(stage.settled(handle)).isEqualTo(completed("firstsecond"));
  }

  @Test
  void oneIdUnderTwoNamesIsTwoSignals() {
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) ->
                run.awaitSignal("a", String.class, DAY).orElse("none")
                    + run.awaitSignal("b", String.class, DAY).orElse("none"));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);

    engine.client().signal("r", "b", "1", "B", "ann");
    engine.client().signal("r", "a", "1", "A", "ann");

    assertThat(stage.settled(handle)).isEqualTo(completed("AB"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{{",
        "",
        "null",
        "-1",
        "{\"cents\":-1}",
        "{\"cents\":13}",
        "[[[[1]]]]",
        "\"\\uD800\"",
        "{\"cents\":1e999999999}",
        "{\"cents\":99999999999999999999}"
      })
  void aValueThatTheStepCannotReadIsRefusedAndTheRunWaitsOn(String value) {
    Handle<String> handle = parked(waiting(Amount.class));

    sendRaw("go", "bad", value);
    Awaitility.await().until(() -> !stage.entries("r", Entry.MessageRefused.class).isEmpty());
    stage.parked(handle);
    sendRaw("go", "good", "{\"cents\":7}");

    assertThat(stage.settled(handle)).isEqualTo(completed("Amount[cents=7]"));
    assertThat(stage.entries("r", Entry.MessageRefused.class)).hasSize(1);
  }

  @Test
  void deepNestingIsRefusedAndTheRunWaitsOn() {
    Handle<String> handle = parked(waiting(List.class));

    sendRaw("go", "bad", "[".repeat(200_000) + "]".repeat(200_000));
    sendRaw("go", "good", "[1]");

    assertThat(stage.settled(handle)).isEqualTo(completed("[1]"));
  }

  @Test
  void aPrimitiveTypeIsReadLikeItsBox() {
    Handle<String> handle = parked(waiting(int.class));

    sendRaw("go", "1", "7");

    assertThat(stage.settled(handle)).isEqualTo(completed("7"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a/b", "a#0"})
  void aNameThatNoStepCanHaveIsRefusedAtOnce(String name) {
    parked(waiting(String.class));
    var client =
        dev.holdfast.kernel.Client.over(
            stage.journal(),
            dev.holdfast.json.JsonCodec.standard(),
            dev.holdfast.kernel.Settings.standard());

    assertThatThrownBy(() -> client.signal("r", name, "1", "x", "ann"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> client.signal("r", "go", name.isBlank() ? name : "\n", "x", "ann"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aValueBeyondTheLimitIsRefusedAtOnce() {
    stage.limits(limits -> limits.payloadBytesMax(1_024));
    Workflow<String, String> workflow = waiting(String.class);
    Engine engine = stage.open(workflow);
    stage.parked(engine.start(workflow, "r", "in"));

    assertThatThrownBy(() -> engine.client().signal("r", "go", "1", "x".repeat(2_000), "ann"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1,024");
  }

  @Test
  void messagesForStepsThatNeverWereAreRefusedAndTheRunWaitsOn() {
    Handle<String> handle = parked(waiting(String.class));
    var nowhere = new StepPath("approval:no/such#step/#0");
    for (Message message :
        List.of(
            new Message.Approve(nowhere, "d", true, "", ""),
            new Message.Approve(StepPath.ROOT.child("signal", "go", 0), "d", true, "x", ""),
            new Message.Settle(
                nowhere, new dev.holdfast.journal.Verdict.DidNotHappen(), "x", ""))) {
      stage.journal().send(new RunId("r"), message).join();
    }
    stage.journal().send(new RunId("r"), new Message.Resume("x", "")).join();
    sendRaw("go", "1", "\"ok\"");

    assertThat(stage.settled(handle)).isEqualTo(completed("ok"));
    assertThat(stage.entries("r", Entry.MessageRefused.class)).hasSize(3);
  }

  @Test
  void aRunOfThatKindThatNobodyHasIsATypedError() {
    Engine engine = stage.open();

    assertThatThrownBy(() -> engine.client().signal("none", "go", "1", "x", "ann"))
        .isInstanceOf(RunException.RunNotFound.class);
    assertThatThrownBy(() -> engine.client().cancel("none", "ann", ""))
        .isInstanceOf(RunException.RunNotFound.class);
    assertThatThrownBy(() -> engine.client().questions("none"))
        .isInstanceOf(RunException.RunNotFound.class);
  }

  @Test
  void tenThousandSignalsAreReceivedInTheirOrder() {
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              run.sleep("pause", DAY);
              return run.awaitSignal("go", String.class, Duration.ZERO).orElse("none");
            });
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);
    engine.crash();
    stage.open();
    for (int i = 0; i < 10_000; i++) {
      sendRaw("go", "id-" + i, "\"" + i + "\"");
    }
    stage.clock.advance(DAY);

    Engine again = stage.open(workflow);

    assertThat(stage.settled(again.find("r", String.class))).isEqualTo(completed("0"));
    assertThat(stage.entries("r", Entry.SignalReceived.class)).hasSize(10_000);
  }
}

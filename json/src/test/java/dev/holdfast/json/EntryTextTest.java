package dev.holdfast.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntryTextTest {
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.000000001Z");
  private static final StepPath PATH =
      StepPath.ROOT.branch("left \"1\"").child("effect", "pay-back", 0);
  private static final Payload INPUT =
      new Payload("{\"b\" : [1, 2.50e3],\n \"a\":\"}]\\\"\\u20ac€😀\"}");
  private static final Payload RESULT = new Payload("\"a \\\\ b\"");
  private static final Entry.Call CALL = new Entry.Call(Contract.KEYED, "d1g", INPUT);
  private static final String WORDS = "said \"no\"\n\tand \\ left \u0001 €";

  private final JsonCodec codec = JsonCodec.standard();

  static Stream<Entry> entries() {
    return Stream.of(ofEffects(), ofForksAndRollbacks(), ofOthers()).flatMap(each -> each);
  }

  private static Stream<Entry> ofEffects() {
    return Stream.of(
        new Entry.RunStarted("refund", "1", INPUT, "d1g"),
        new Entry.RunStarted(
            "refund",
            "1",
            INPUT,
            "d1g",
            Optional.of(AT),
            Optional.of(new Entry.Parent(new RunId("other \"run\""), PATH, 2)),
            Map.of("model", WORDS, "a \"b\"", "d2")),
        new Entry.ManifestChanged(Map.of("model", WORDS, "a \"b\"", "d2"), List.of("b", WORDS)),
        new Entry.ManifestChanged(Map.of(), List.of()),
        new Entry.RunClaimed("pid-1"),
        new Entry.ScopeOpened(StepPath.ROOT, List.of("a", "b \"c\"")),
        new Entry.ScopeOpened(PATH, List.of()),
        new Entry.EffectIntended(PATH, CALL, new IdempotencyKey("k3y"), Optional.empty()),
        new Entry.EffectIntended(
            PATH,
            CALL,
            new IdempotencyKey("k3y"),
            Optional.of(new Intent(Intent.Scope.RUN, "refund[\"17\"]", 2))),
        new Entry.AttemptStarted(PATH, 3),
        new Entry.AttemptFailed(
            PATH, 2, new Failure.Transient("429", WORDS, Optional.of(Duration.ofMillis(1500))), AT),
        new Entry.AttemptFailed(PATH, 2, new Failure.Transient("429", WORDS, Optional.empty()), AT),
        new Entry.StepAnswered(PATH, CALL, new Payload("-1.50")),
        new Entry.StepAnswered(PATH, CALL, Payload.NULL),
        new Entry.EffectSucceeded(PATH, RESULT, Entry.Origin.RECONCILED),
        new Entry.EffectGaveUp(PATH, new Failure.Rejected("no", WORDS), 5),
        new Entry.EffectDoubted(PATH, WORDS, DoubtPolicy.PROCEED),
        new Entry.DoubtSettled(PATH, new Verdict.Happened(RESULT), "anna", WORDS),
        new Entry.DoubtSettled(PATH, new Verdict.DidNotHappen(), "anna", WORDS),
        new Entry.InputDrifted(PATH, "d1", "d2"),
        new Entry.PatchApplied(PATH),
        new Entry.TurnSealed(PATH, INPUT, false),
        new Entry.TurnSealed(PATH, Payload.NULL, true),
        new Entry.ClockRead(PATH, AT),
        new Entry.SeedDrawn(PATH, Long.MIN_VALUE));
  }

  private static Stream<Entry> ofForksAndRollbacks() {
    return Stream.of(
        new Entry.RunForked(
            new RunId("refund-4711"),
            PATH,
            List.of(PATH, new StepPath("effect:mail#0")),
            Set.of(Contract.READ, Contract.ONCE)),
        new Entry.RunForked(new RunId("refund-4711"), PATH, List.of(), Set.of()),
        new Entry.EffectIntended(
            PATH,
            CALL,
            new IdempotencyKey("k3y"),
            Optional.empty(),
            Optional.of(new Entry.Undo.By(WORDS))),
        new Entry.EffectIntended(
            PATH,
            CALL,
            new IdempotencyKey("k3y"),
            Optional.empty(),
            Optional.of(new Entry.Undo.None(WORDS))),
        new Entry.RollbackStarted(WORDS, Optional.of(WORDS)),
        new Entry.RollbackStarted("", Optional.empty()),
        new Entry.RunCompensated(WORDS, List.of(PATH, PATH), List.of(PATH)),
        new Entry.RunCompensated("", List.of(), List.of()),
        new Entry.AnswerTaken(PATH, CALL, Optional.empty(), new Payload("7")),
        new Entry.AnswerKept(
            new Entry.AnswerTaken(
                PATH,
                CALL,
                Optional.of(new Intent(Intent.Scope.GLOBAL, "refund[17]", 2)),
                Payload.NULL)));
  }

  private static Stream<Entry> ofOthers() {
    return Stream.of(
        new Entry.RunParked(
            List.of(
                new Wait.Retry(PATH, AT),
                new Wait.Probe(PATH, AT),
                new Wait.Doubt(PATH, WORDS),
                new Wait.HeldIntent(PATH, StepPath.ROOT),
                new Wait.HeldFact(PATH, WORDS, new RunId("other \"run\""), AT),
                new Wait.Timer(PATH, AT),
                new Wait.Signal(PATH, WORDS, AT),
                new Wait.Child(PATH, new RunId("other \"run\"")),
                new Wait.QueueRoom(PATH, WORDS, AT),
                new Wait.Approval(PATH, List.of("anna", WORDS), AT),
                new Wait.Approval(PATH, List.of(), AT))),
        new Entry.WaitStarted(PATH, AT),
        new Entry.WaitEnded(PATH),
        new Entry.WaitDropped(PATH),
        new Entry.SignalTaken(PATH, WORDS, INPUT),
        new Entry.ApprovalAsked(PATH, INPUT, "d1g", List.of("anna", WORDS), AT, true),
        new Entry.ApprovalAsked(PATH, Payload.NULL, "d1g", List.of(), AT, false),
        new Entry.ApprovalAnswered(PATH, true, "anna", WORDS),
        new Entry.ApprovalAnswered(PATH, false, "anna", ""),
        new Entry.ChildStarted(PATH, new RunId("a \"b\""), WORDS, "d1g", Optional.of(AT)),
        new Entry.ChildStarted(PATH, new RunId("a"), WORDS, "d1g", Optional.empty()),
        new Entry.ChildCancelled(PATH, WORDS),
        new Entry.ChildEnded(PATH, new Entry.RunCompleted(RESULT)),
        new Entry.ChildEnded(PATH, new Entry.RunCancelled("anna", WORDS, List.of(PATH))),
        new Entry.RaceWon(PATH, WORDS),
        new Entry.SignalReceived(WORDS, "s-1", RESULT, "anna", AT),
        new Entry.CancelRequested("anna", WORDS),
        new Entry.RunCancelled("anna", WORDS, List.of(PATH, StepPath.ROOT)),
        new Entry.RunCancelled("anna", WORDS, List.of()),
        new Entry.RunResumed("anna", WORDS),
        new Entry.MessageRefused("Settle", WORDS),
        new Entry.RunCompleted(new Payload("[]")),
        new Entry.RunFailed(WORDS, Optional.of(new Failure.Unknown("timeout", WORDS))),
        new Entry.RunFailed(WORDS, Optional.of(new Failure.NotSent("refused", WORDS))),
        new Entry.RunFailed(WORDS, Optional.empty()),
        new Entry.RunTruncated("steps", "10,001 > 10,000"),
        new Entry.RunErased("anna", WORDS),
        new Entry.RunTruncated("deadline", WORDS, List.of(PATH)),
        new Entry.RunQuarantined(WORDS, Optional.of(PATH)),
        new Entry.RunQuarantined(WORDS, Optional.empty()));
  }

  static Stream<Message> messages() {
    return Stream.of(
        new Message.Settle(PATH, new Verdict.Happened(RESULT), "anna", WORDS),
        new Message.Settle(PATH, new Verdict.DidNotHappen(), "anna", WORDS),
        new Message.Settle(PATH, Optional.of(1L << 40), new Verdict.DidNotHappen(), "anna", WORDS),
        new Message.Signal(WORDS, "s-1", INPUT, "anna", WORDS),
        new Message.Approve(PATH, "d1g", true, "anna", WORDS),
        new Message.Approve(PATH, "d1g", false, "anna", ""),
        new Message.Evidence(PATH, 1L << 40, new Verdict.Happened(RESULT), "worker 2", WORDS),
        new Message.Evidence(PATH, 1, new Verdict.DidNotHappen(), "worker 2", WORDS),
        new Message.ChildEnded(PATH, new RunId("a \"b\""), new Entry.RunCompleted(INPUT)),
        new Message.ChildEnded(PATH, new RunId("a"), new Entry.RunFailed(WORDS, Optional.empty())),
        new Message.Cancel("anna", WORDS),
        new Message.RollBack("anna", WORDS),
        new Message.Resume("anna", WORDS));
  }

  @ParameterizedTest
  @MethodSource("entries")
  void everyEntrySurvivesTheRoundTrip(Entry entry) {
    String text = codec.write(entry);

    assertThat(codec.read(text)).isEqualTo(entry);
    assertThat(text).startsWith("{\"is\":\"" + entry.getClass().getSimpleName() + "\"");
  }

  @ParameterizedTest
  @MethodSource("messages")
  void everyMessageSurvivesTheRoundTrip(Message message) {
    assertThat(codec.readMessage(codec.write(message))).isEqualTo(message);
  }

  @Test
  void theTablesAboveHaveEveryCase() {
    assertThat(entries().map(Object::getClass).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(cases(Entry.class).toList());
    assertThat(messages().map(Object::getClass).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(cases(Message.class).toList());
    assertThat(
            entries()
                .filter(Entry.RunParked.class::isInstance)
                .flatMap(entry -> ((Entry.RunParked) entry).waits().stream())
                .map(Object::getClass)
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(cases(Wait.class).toList());
  }

  @Test
  void anEntryIsReadableAndItsPayloadsAreJsonInPlace() {
    var entry =
        new Entry.EffectIntended(
            new StepPath("effect:pay#0"),
            new Entry.Call(Contract.ONCE, "d1g", new Payload("{\"cents\":1050}")),
            new IdempotencyKey("k3y"),
            Optional.empty());

    assertThat(codec.write(entry))
        .isEqualTo(
            "{\"is\":\"EffectIntended\",\"path\":\"effect:pay#0\",\"key\":\"k3y\","
                + "\"contract\":\"ONCE\",\"inputDigest\":\"d1g\",\"input\":{\"cents\":1050}}");
  }

  @Test
  void aLargePayloadIsCutOutExactly() {
    var large = new Payload("{\"text\":\"" + "0123456789 \\n€😀".repeat(200_000) + "\"}");

    assertThat(codec.read(codec.write(new Entry.RunCompleted(large))))
        .isEqualTo(new Entry.RunCompleted(large));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"is\":\"RunImagined\"}",
        "{\"is\":\"EffectImagined\",\"path\":\"a\"}",
        "{\"is\":\"RunClaimed\"}",
        "{\"is\":\"RunClaimed\",\"worker\":7}",
        "{\"is\":\"RunClaimed\",\"worker\":\"a\",\"rank\":1}",
        "{\"is\":\"RunClaimed\",\"worker\":\"a\",\"worker\":\"b\"}",
        "{\"is\":\"RunClaimed\",\"worker\":\"a\"",
        "{\"is\":\"RunClaimed\",\"worker\":\"a\"}}",
        "{\"is\":\"ClockRead\",\"path\":\"a\",\"instant\":\"noon\"}",
        "{\"is\":\"AttemptStarted\",\"path\":\"a\",\"attempt\":\"x\"}",
        "{\"is\":\"WaitEnded\"}",
        "{\"is\":\"WaitStarted\",\"path\":\"a\"}",
        "{\"is\":\"ApprovalAnswered\",\"path\":\"a\",\"granted\":1,\"who\":\"\",\"why\":\"\"}",
        "{\"is\":\"RunCancelled\",\"who\":\"a\",\"why\":\"b\",\"unsettled\":[7]}",
        "{\"is\":\"RunParked\",\"waits\":[{\"is\":\"Sleep\",\"path\":\"a\"}]}",
        "{\"is\":\"RunFailed\",\"reason\":\"a\",\"failure\":{\"is\":\"Lost\"}}",
        "{\"worker\":\"a\"}",
        "[]",
        ""
      })
  void whatIsNoKnownEntryIsRefused(String text) {
    assertThatThrownBy(() -> codec.read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot read an entry of " + text.length() + " characters");
  }

  @Test
  void anUnknownKindIsNamed() {
    assertThatThrownBy(() -> codec.read("{\"is\":\"RunImagined\"}"))
        .hasMessageContaining("this version knows no entry 'RunImagined'")
        .hasMessageContaining("Open the store with the version that wrote it");
    assertThatThrownBy(() -> codec.readMessage("{\"is\":\"Shout\"}"))
        .hasMessageContaining("this version knows no message 'Shout'");
  }

  @Test
  void recordedEntriesAndRunsAreJsonForScripts() {
    assertThat(codec.json(new Recorded(3, 2, AT, new Entry.RunClaimed("pid-1"))))
        .isEqualTo(
            "{\"sequence\":3,\"epoch\":2,\"at\":\"2026-01-02T03:04:05.000000001Z\","
                + "\"entry\":{\"is\":\"RunClaimed\",\"worker\":\"pid-1\"}}");
    var state =
        new RunState(
            new RunId("r \"1\""), "refund", "1", Status.WAITING, 2, Optional.of(AT), AT, AT, "d1g");
    assertThat(codec.json(state))
        .startsWith("{\"id\":\"r \\\"1\\\"\",\"workflow\":\"refund\",\"version\":\"1\"")
        .contains("\"status\":\"WAITING\",\"epoch\":2,\"readyAt\":\"2026-01-02T")
        .endsWith("\"inputDigest\":\"d1g\"}");
  }

  private static Stream<Class<?>> cases(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .flatMap(type -> type.isSealed() ? cases(type) : Stream.of(type));
  }
}

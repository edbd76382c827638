package dev.holdfast.agents;

import static dev.holdfast.testing.ScriptedModel.Reply.calls;
import static dev.holdfast.testing.ScriptedModel.Reply.request;
import static dev.holdfast.testing.ScriptedModel.Reply.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.Effect.Answer;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.testing.ScriptedModel;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.exception.AuthenticationException;
import java.net.ConnectException;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a tool's or a client's exception says reaches neither a model nor a journal. */
class RedactionTest {
  private static final String SECRET = "hunter2 at db.internal";

  /** A business exception. */
  static final class SoldOut extends Exception {
    private static final long serialVersionUID = 1L;

    SoldOut(String message) {
      super(message);
    }
  }

  /** Tools that fail in every way. */
  static final class Broken {
    private boolean isMended;

    private <E extends Exception> String fail(E failure) throws E {
      if (!isMended) {
        throw failure;
      }
      return "mended";
    }

    @Effect(value = Contract.READ, attemptsMax = 2)
    @Tool
    String look(String what) {
      return fail(new IllegalStateException("cannot log in with " + SECRET));
    }

    @Effect(value = Contract.KEYED)
    @Tool
    String pay(String what, IdempotencyKey key) throws SQLException {
      return fail(new SQLException("violates a check, says " + SECRET, "23514"));
    }

    @Effect(value = Contract.KEYED, rejectedOn = SoldOut.class)
    @Tool
    String buy(String what, IdempotencyKey key) throws SoldOut {
      return fail(new SoldOut("none left, says " + SECRET));
    }

    @Effect(value = Contract.ONCE, attemptsMax = 1)
    @Tool
    String ring(String what) throws ConnectException {
      return fail(new ConnectException("no route to " + SECRET));
    }

    @Effect(value = Contract.ONCE, onDoubt = DoubtPolicy.PROCEED)
    @Tool
    String shout(String what) {
      return fail(new IllegalStateException("lost in " + SECRET));
    }

    @Effect(
        value = Contract.VERIFIED,
        probe = "wrote",
        settleAfter = "1ms",
        onDoubt = DoubtPolicy.PROCEED)
    @Tool
    String write(String what, IdempotencyKey key) {
      return fail(new IllegalStateException("lost in " + SECRET, new SQLException(SECRET)));
    }

    Answer<String> wrote(IdempotencyKey key) throws SQLException {
      return new Answer.Happened<>(fail(new SQLException("cannot ask " + SECRET)));
    }

    @Effect(value = Contract.KEYED)
    @Tool
    String refuse(String what, IdempotencyKey key) {
      return fail(KnownFailure.rejected("closed", "the shop is closed"));
    }
  }

  @Test
  void everyFailureIsTypedAndWithoutItsText() {
    var model =
        ScriptedModel.of(
            calls(
                request("1", "look", "{\"what\":\"a\"}"),
                request("2", "pay", "{\"what\":\"b\"}"),
                request("3", "buy", "{\"what\":\"c\"}"),
                request("4", "ring", "{\"what\":\"d\"}"),
                request("5", "shout", "{\"what\":\"e\"}"),
                request("6", "write", "{\"what\":\"f\"}"),
                request("7", "refuse", "{\"what\":\"g\"}")),
            text("Nothing worked."));
    try (var bench = new Bench()) {
      bench.run(Agent.named("desk").model(model).tools(new Broken()).build(), "Go");

      assertThat(bench.journaled("run-1")).doesNotContain("hunter2", "db.internal");
    }
    assertThat(model.shown()).noneMatch(shown -> shown.contains("hunter2"));
    List<String> told =
        model.requests().getLast().messages().stream()
            .filter(ToolExecutionResultMessage.class::isInstance)
            .map(message -> ((ToolExecutionResultMessage) message).text())
            .toList();
    assertThat(told)
        .satisfiesExactly(
            look -> assertThat(look).contains("\"failed\"", "IllegalStateException"),
            pay -> assertThat(pay).contains("\"rejected\"", "23514"),
            buy -> assertThat(buy).contains("\"rejected\"", "SoldOut"),
            ring -> assertThat(ring).contains("\"not_sent\"", "ConnectException"),
            shout -> assertThat(shout).contains("\"outcome_unknown\"", "Do not repeat it"),
            write -> assertThat(write).contains("\"outcome_unknown\""),
            refuse -> assertThat(refuse).contains("\"rejected\"", "closed").doesNotContain("shop"));
  }

  @Test
  void whatAClientSaysIsNotJournaledEither() {
    var model =
        ScriptedModel.of(
            text("never").failingFirst(9, () -> new AuthenticationException("bad key sk-hunter2")));
    try (var bench = new Bench()) {
      Outcome<String> outcome = bench.run(Agent.named("desk").model(model).build(), "Go");

      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> assertThat(failed.reason()).contains("AuthenticationException"));
      assertThat(bench.journaled("run-1")).doesNotContain("hunter2");
    }
    assertThat(model.requests()).hasSize(1);
  }
}

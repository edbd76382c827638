package dev.holdfast.agents;

import static dev.holdfast.journal.Contract.IDEMPOTENT;
import static dev.holdfast.journal.Contract.KEYED;
import static dev.holdfast.journal.Contract.ONCE;
import static dev.holdfast.journal.Contract.READ;
import static dev.holdfast.journal.Contract.TRANSACTIONAL;
import static dev.holdfast.journal.Contract.VERIFIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.testing.ScriptedModel;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolMemoryId;
import java.sql.Connection;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What an agent refuses to be built from, and what it binds. */
class ToolDeclarationTest {
  private static Agent.Builder<String> agent(Object tools) {
    return Agent.named("desk").model(ScriptedModel.of()).tools(tools);
  }

  /** Tools of somebody else, without contracts. */
  static class Foreign {
    @Tool
    String getOrder(String id) {
      return id;
    }

    @Tool
    String setLimit(int limit) {
      return "limit " + limit;
    }

    @Tool
    String deleteUser(String id) {
      return id;
    }

    @Tool
    String transfer(String id, IdempotencyKey key) {
      return id + key;
    }
  }

  @Test
  void undeclaredToolsAreListedAsATableReadyToPaste() {
    assertThatThrownBy(agent(new Foreign())::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            4 tools of agent 'desk' declare no contract: nobody can know what a repeat would do.
            Annotate each with @Effect, or correct this table, guessed from names, and paste it:

              .contracts(Contracts.of("deleteUser", Contract.ONCE)
                    .and("getOrder", Contract.READ)
                    .and("setLimit", Contract.IDEMPOTENT)
                    .and("transfer", Contract.KEYED))
            """);
  }

  @Test
  void thePastedTableIsEnough() {
    var contracts =
        Contracts.of("deleteUser", ONCE)
            .and("get*", READ)
            .and("setLimit", IDEMPOTENT)
            .and("transfer", KEYED);

    assertThatCode(agent(new Foreign()).contracts(contracts)::build).doesNotThrowAnyException();
  }

  /** One mistake each. */
  static final class Mistakes {
    static class KeyedWithoutKey {
      @Effect(KEYED)
      @Tool
      String pay(String id) {
        return id;
      }
    }

    static class ReadWithKey {
      @Effect(READ)
      @Tool
      String find(String id, IdempotencyKey key) {
        return id + key;
      }
    }

    static class TransactionalWithoutConnection {
      @Effect(TRANSACTIONAL)
      @Tool
      String book(String id) {
        return id;
      }
    }

    static class ConnectionWithoutTransactional {
      @Effect(ONCE)
      @Tool
      String book(String id, Connection connection) {
        return id + connection;
      }
    }

    static class VerifiedWithoutProbe {
      @Effect(VERIFIED)
      @Tool
      String mail(String to) {
        return to;
      }
    }

    static class ProbeThatIsMissing {
      @Effect(value = VERIFIED, probe = "sent")
      @Tool
      String mail(String to) {
        return to;
      }
    }

    static class ProbeOfAnotherType {
      @Effect(value = VERIFIED, probe = "sent")
      @Tool
      String mail(String to) {
        return to;
      }

      boolean sent(IdempotencyKey key) {
        return key.text().isEmpty();
      }
    }

    static class IntentOfNoParameter {
      @Effect(value = ONCE, oncePer = Intent.Scope.RUN, intent = "refund:{order}")
      @Tool
      String refund(String orderId) {
        return orderId;
      }
    }

    static class IntentWithoutScope {
      @Effect(value = ONCE, intent = "refund:{orderId}")
      @Tool
      String refund(String orderId) {
        return orderId;
      }
    }

    static class NoDuration {
      @Effect(value = ONCE, timeout = "soon")
      @Tool
      String refund(String orderId) {
        return orderId;
      }
    }

    static class Later {
      @Effect(ONCE)
      @Tool
      CompletableFuture<String> refund(String orderId) {
        return CompletableFuture.completedFuture(orderId);
      }
    }

    static class Dated {
      @Effect(READ)
      @Tool
      String find(LocalDate day) {
        return day.toString();
      }
    }

    static class Remembering {
      @Effect(READ)
      @Tool
      String find(@ToolMemoryId String memory, String id) {
        return memory + id;
      }
    }

    static class Nothing {}
  }

  @Test
  void aMethodThatCannotKeepItsContractIsRefusedWithTheRemedy() {
    var mistakes =
        Map.<Object, String>ofEntries(
            Map.entry(new Mistakes.KeyedWithoutKey(), "KEYED needs an IdempotencyKey"),
            Map.entry(new Mistakes.ReadWithKey(), "READ has no idempotency key"),
            Map.entry(new Mistakes.TransactionalWithoutConnection(), "belong together"),
            Map.entry(new Mistakes.ConnectionWithoutTransactional(), "belong together"),
            Map.entry(new Mistakes.VerifiedWithoutProbe(), "probe"),
            Map.entry(new Mistakes.ProbeThatIsMissing(), "names 0 methods"),
            Map.entry(new Mistakes.ProbeOfAnotherType(), "must return"),
            Map.entry(new Mistakes.IntentOfNoParameter(), "no required parameter"),
            Map.entry(new Mistakes.IntentWithoutScope(), "both or neither"),
            Map.entry(new Mistakes.NoDuration(), "such as 10s"),
            Map.entry(new Mistakes.Later(), "Return the result"),
            Map.entry(new Mistakes.Dated(), "Take a String"),
            Map.entry(new Mistakes.Remembering(), "Take a RunContext"),
            Map.entry(new Mistakes.Nothing(), "no method with LangChain4j's @Tool"));
    mistakes.forEach((tools, message) ->
        assertThatThrownBy(agent(tools)::build)
            .as(tools.getClass().getSimpleName())
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(message));
  }

  @Test
  void twoToolsOfOneNameAreRefused() {
    var builder = Agent.named("desk").model(ScriptedModel.of()).tools(new Shop(), new Shop());

    assertThatThrownBy(builder::build).hasMessageContaining("Two tools are named");
  }

  @Test
  void anAgentNeedsAModel() {
    assertThatThrownBy(Agent.named("desk")::build).hasMessageContaining("no model");
  }

  /** A tool that takes all there is. */
  static final class Everything {
    private String seen = "";

    record Address(String street, int number) {}

    enum Speed {
      SLOW,
      FAST
    }

    @Effect(ONCE)
    @Tool(name = "send_it")
    void send(
        @P(name = "to_whom", value = "the addressee") String to,
        List<Address> addresses,
        Speed speed,
        Optional<String> note,
        @P(value = "how often", defaultValue = "2") int times,
        @P(value = "weight", required = false) Double weight,
        IdempotencyKey key,
        RunContext context) {
      seen =
          "%s %s %s %s %d %s %d %s %s %d %s"
              .formatted(
                  to,
                  addresses,
                  speed,
                  note,
                  times,
                  weight,
                  key.text().length(),
                  context.run(),
                  context.path(),
                  context.attempt(),
                  context.call());
    }
  }

  @Test
  void argumentsAndWhatIsInjectedAreBoundByName() {
    var tools = new Everything();
    var model =
        ScriptedModel.of(
            ScriptedModel.Reply.call(
                "send_it",
                """
                {"to_whom":"ann","addresses":[{"street":"Elm","number":3}],"speed":"FAST"}\
                """),
            ScriptedModel.Reply.text("Sent."));
    try (var bench = new Bench()) {
      var agent = Agent.named("desk").model(model).tools(tools).build();

      assertThat(bench.run(agent, "Go")).isEqualTo(new Outcome.Completed<>("Sent."));
    }
    assertThat(tools.seen)
        .isEqualTo(
            "ann [Address[street=Elm, number=3]] FAST Optional.empty 2 null 52 run-1"
                + " scope:turn#0/tool:send_it#0 1 call-send_it");
  }
}

package dev.holdfast.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.Approval;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.store.Holdfast;
import dev.holdfast.testing.ScriptedModel;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.service.UserMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls of tools that wait for a person, in own agents and in adopted ones. */
class ApprovedToolsTest {
  /** Asks above 100 EUR. */
  static final class Above100 implements ApprovalRule {
    @Override
    public boolean needsApproval(Map<String, Object> arguments) {
      return arguments.get("euros") instanceof Number euros && euros.intValue() > 100;
    }
  }

  /** Counts what was paid back. */
  static final class Till {
    final List<Integer> paid = new CopyOnWriteArrayList<>();

    @Tool("Pays money back")
    @Effect(
        value = Contract.KEYED,
        approve = Above100.class,
        approvers = "ann",
        approveWithin = "2d",
        escalateTo = "boss",
        escalateWithin = "1d")
    String refund(int euros, IdempotencyKey key) {
      paid.add(euros);
      return "paid " + euros;
    }
  }

  interface Desk {
    String chat(@UserMessage String message);
  }

  @TempDir Path folder;
  private final Till till = new Till();

  private ScriptedModel model(int euros) {
    return ScriptedModel.of(
        ScriptedModel.Reply.call("refund", "{\"euros\":%d}".formatted(euros)),
        ScriptedModel.Reply.text("done"));
  }

  private Agent<String> agent(ScriptedModel model) {
    return Agent.named("desk").model(model).tools(till).build();
  }

  private Entry.ApprovalAsked question(Holdfast holdfast) {
    Awaitility.await().until(() -> !holdfast.questions("r").isEmpty());
    return holdfast.questions("r").getFirst();
  }

  private static String toolResult(ScriptedModel model) {
    return model.requests().getLast().messages().stream()
        .filter(ToolExecutionResultMessage.class::isInstance)
        .map(message -> ((ToolExecutionResultMessage) message).text())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aSmallCallNeedsNobody() {
    try (var holdfast = Holdfast.open(folder.resolve("a.db"))) {
      Agent<String> agent = agent(model(50));
      holdfast.register(agent);

      assertThat(holdfast.start(agent, "r", "pay back").run()).isEqualTo("done");
      assertThat(till.paid).containsExactly(50);
    }
  }

  @Test
  void aLargeOneLeavesOnlyOnceItWasApproved() {
    try (var holdfast = Holdfast.open(folder.resolve("a.db"))) {
      Agent<String> agent = agent(model(500));
      holdfast.register(agent);
      Handle<String> handle = holdfast.start(agent, "r", "pay back");
      Entry.ApprovalAsked question = question(holdfast);
      assertThat(question.shown().text()).contains("refund", "500", "KEYED", "desk");
      assertThat(question.approvers()).containsExactly("ann");
      assertThat(question.escalates()).isTrue();
      assertThat(till.paid).isEmpty();

      holdfast.approve("r", question, true, "ann", "fine");

      assertThat(handle.run(Duration.ofSeconds(20))).isEqualTo("done");
      assertThat(till.paid).containsExactly(500);
    }
  }

  @Test
  void aNoReachesTheModelAndNothingIsPaid() {
    ScriptedModel model = model(500);
    try (var holdfast = Holdfast.open(folder.resolve("a.db"))) {
      Agent<String> agent = agent(model);
      holdfast.register(agent);
      Handle<String> handle = holdfast.start(agent, "r", "pay back");

      holdfast.approve("r", question(holdfast), false, "ann", "the order is not yours");

      assertThat(handle.run(Duration.ofSeconds(20))).isEqualTo("done");
      assertThat(till.paid).isEmpty();
      assertThat(toolResult(model)).contains("denied", "not yours");
    }
  }

  @Test
  void anAdoptedAgentAsksToo() {
    ScriptedModel model = model(500);
    try (var holdfast = Holdfast.open(folder.resolve("a.db"))) {
      Desk desk = Durable.aiServices(Desk.class).tools(till).chatModel(model).build();
      var desks = holdfast.register("desk", Desk.class, desk);
      Handle<String> handle = desks.start("r", d -> d.chat("pay back"));
      Entry.ApprovalAsked question = question(holdfast);
      assertThat(till.paid).isEmpty();

      holdfast.approve("r", question, true, "ann", "fine");

      assertThat(handle.run(Duration.ofSeconds(20))).isEqualTo("done");
      assertThat(till.paid).containsExactly(500);
    }
  }

  /** A tool without terms of its own. */
  static final class Post {
    @Tool("Sends a letter")
    String send(String text) {
      return "sent";
    }
  }

  @Test
  void aTableCanAskForToolsThatSayNothing() {
    ScriptedModel model =
        ScriptedModel.of(
            ScriptedModel.Reply.call("send", "{\"text\":\"hi\"}"),
            ScriptedModel.Reply.text("done"));
    Agent<String> agent =
        Agent.named("desk")
            .model(model)
            .tools(new Post())
            .contracts(
                Contracts.of("send", Contract.IDEMPOTENT)
                    .approve("s*", Approval.by().within(Duration.ofHours(1))))
            .build();
    try (var holdfast = Holdfast.open(folder.resolve("a.db"))) {
      holdfast.register(agent);
      Handle<String> handle = holdfast.start(agent, "r", "write");
      question(holdfast);
      assertThat(handle.outcome())
          .isInstanceOfSatisfying(
              Outcome.Waiting.class, w -> assertThat(w.why()).isEqualTo(Outcome.Why.PERSON));
    }
  }

  /** Says who approves, but not what. */
  static final class Confused {
    @Tool("Sends a letter")
    @Effect(value = Contract.IDEMPOTENT, approvers = "ann")
    String send(String text) {
      return "sent";
    }
  }

  @Test
  void halfADeclarationIsRefused() {
    assertThatThrownBy(() -> Agent.named("desk").model(model(1)).tools(new Confused()).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("approve");
  }
}

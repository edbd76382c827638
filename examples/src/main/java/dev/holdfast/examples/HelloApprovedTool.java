package dev.holdfast.examples;

import dev.holdfast.agents.Agent;
import dev.holdfast.agents.ApprovalRule;
import dev.holdfast.agents.Effect;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.IdempotencyKey;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.chat.ChatModel;
import java.util.Map;

/** An agent that may pay small amounts by itself and asks a person for large ones. */
final class HelloApprovedTool {
  private HelloApprovedTool() {}

  // snippet: approved-tool
  /** Asks above 50.00. */
  static final class Large implements ApprovalRule {
    @Override
    public boolean needsApproval(Map<String, Object> arguments) {
      return !(arguments.get("cents") instanceof Number cents) || cents.longValue() > 5_000;
    }
  }

  static final class Payments {
    @Tool("Pays an amount back, in cents.")
    @Effect(
        value = Contract.KEYED,
        approve = Large.class,
        approvers = {"ada", "bob"},
        approveWithin = "2d",
        escalateTo = "eve",
        escalateWithin = "4h")
    String refund(IdempotencyKey key, String orderId, long cents) {
      return "refunded " + cents + " of order " + orderId;
    }
  }

  static Agent<String> desk(ChatModel model) {
    return Agent.named("desk").model(model).tools(new Payments()).build();
  }
  // end: approved-tool
}

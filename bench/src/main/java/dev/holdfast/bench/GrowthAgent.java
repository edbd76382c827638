package dev.holdfast.bench;

import dev.holdfast.agents.Agent;
import dev.holdfast.agents.Budget;
import dev.holdfast.agents.Effect;
import dev.holdfast.journal.Contract;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.function.IntConsumer;

/**
 * An agent with one long conversation: each turn, its model says 2,048 random characters and calls
 * a tool that answers with a word. For one conversation at a time.
 *
 * @param turns after so many the model is done
 * @param onTurn told when the turn of that number begins, counted from 0, and once at the end
 */
record GrowthAgent(int turns, IntConsumer onTurn) implements ChatModel {
  private static final TokenUsage USAGE = new TokenUsage(1, 1);

  /** The tool; public, since the agent calls it. */
  public static final class Desk {
    /** Answers with a word. */
    @Tool("Looks at a page")
    @Effect(Contract.READ)
    public String look(int page) {
      return "seen " + page;
    }
  }

  Agent<String> agent() {
    return Agent.named("history")
        .model(this)
        .instructions("Read the pages one by one.")
        .tools(new Desk())
        .budget(Budget.steps(turns + 1))
        .build();
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    int turn = NaiveLoop.repliesIn(request);
    onTurn.accept(turn);
    AiMessage said =
        turn == turns
            ? AiMessage.from("Done.")
            : AiMessage.from(StepsWorkload.turn(turn), java.util.List.of(look(turn)));
    return ChatResponse.builder()
        .aiMessage(said)
        .finishReason(turn == turns ? FinishReason.STOP : FinishReason.TOOL_EXECUTION)
        .tokenUsage(USAGE)
        .build();
  }

  private static ToolExecutionRequest look(int page) {
    return ToolExecutionRequest.builder()
        .id("look-" + page)
        .name("look")
        .arguments("{\"page\":%d}".formatted(page))
        .build();
  }
}

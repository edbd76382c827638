package dev.holdfast.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.agents.Agent;
import dev.holdfast.agents.Budget;
import dev.holdfast.agents.Conversation;
import dev.holdfast.journal.Contract;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.JdbcTransactions;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.chat.ChatModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A conversation with the shop's agent, played from a recording: the customer and the model say
 * what they said then, the tools are real. The input is the recording's id; the world of the tools
 * is the one that has the run's id. Safe for use by many runs.
 */
public final class RetailEpisode implements Workflow<String, RetailEpisode.Ending> {
  /** How the tools that change the shop are protected from a repeat. */
  public enum Tools {
    /** The shop's database holds the dedupe row. */
    TRANSACTIONAL,
    /** The shop remembers the key of each call. */
    KEYED,
    /** The shop remembers nothing and cannot be asked: a repeat does harm. */
    OPAQUE
  }

  /** How a conversation ended: what the agent was told, call by call. */
  public record Ending(List<Told> told) {
    /** Copies the list. */
    public Ending {
      told = List.copyOf(told);
    }
  }

  /**
   * The result of one tool call as the agent saw it.
   *
   * @param isRefused whether the agent's own checks refused the call, so that no tool ran
   */
  public record Told(String callId, String text, boolean isRefused) {
    private static final JsonMapper JSON = new JsonMapper();

    /** A refused call was an error then too, in words that only that program could choose. */
    boolean saysAs(String recorded, RetailCall call) {
      if (!isRefused) {
        return ResultText.same(recorded, text);
      }
      return switch (error()) {
        case "invalid_arguments" -> recorded.startsWith("Error: ");
        case "unknown_tool" -> recorded.equals("Unknown action " + call.tool());
        default -> false;
      };
    }

    private String error() {
      try {
        return JSON.readTree(text).path("error").asText();
      } catch (JsonProcessingException plain) {
        return "";
      }
    }
  }

  private static final int REPAIRS_MAX = 100;
  private static final int RESULT_CHARACTERS_MAX = 16 << 20;

  /** The recordings tell no usage, and what is estimated for them must not end a long one. */
  private static final long TOKENS_MAX = 1L << 50;

  private final Map<String, RetailScript> scripts;
  private final RetailShop shop;
  private final Tools tools;
  private final Function<RetailScript, ChatModel> models;
  private final Map<String, Agent<String>> agents = new ConcurrentHashMap<>();

  /**
   * The conversations of these recordings with that shop.
   *
   * @param models gives the model that plays a recording; asked once for each
   */
  public RetailEpisode(
      List<RetailScript> scripts,
      RetailShop shop,
      Tools tools,
      Function<RetailScript, ChatModel> models) {
    this.scripts =
        scripts.stream().collect(Collectors.toMap(RetailScript::id, Function.identity()));
    this.shop = shop;
    this.tools = tools;
    this.models = models;
  }

  @Override
  public String name() {
    return "retail";
  }

  @Override
  public Class<String> inputType() {
    return String.class;
  }

  @Override
  public Class<Ending> outputType() {
    return Ending.class;
  }

  @Override
  public Ending execute(Run run, String recording) {
    RetailScript script =
        Optional.ofNullable(scripts.get(recording))
            .orElseThrow(() -> new IllegalArgumentException("No recording is named " + recording));
    Conversation conversation =
        agents.computeIfAbsent(recording, unused -> agent(script)).converse(run);
    Effect<Integer, String> customer = Effect.read(String.class, script::customer);
    for (int turn = 0; turn < script.turns(); turn++) {
      String said = run.effect("customer", turn, customer);
      if (!script.isAnswered(turn) || conversation.say(said).endedBy().isPresent()) {
        break;
      }
    }
    return ending(conversation);
  }

  private static Ending ending(Conversation conversation) {
    return new Ending(
        conversation.messages().stream()
            .filter(ToolExecutionResultMessage.class::isInstance)
            .map(ToolExecutionResultMessage.class::cast)
            .map(each -> new Told(each.id(), each.text(), Boolean.TRUE.equals(each.isError())))
            .toList());
  }

  private Agent<String> agent(RetailScript script) {
    var agent =
        Agent.named("clerk")
            .model(models.apply(script))
            .instructions(script.instructions())
            .budget(Budget.steps(script.replies().size()).tokens(TOKENS_MAX))
            .repairsMax(REPAIRS_MAX)
            .resultCharactersMax(RESULT_CHARACTERS_MAX)
            .answeredFromRecord(call -> script.injectedAnswer(call.id()));
    var reading = new RetailReadingDesk(shop::world);
    return switch (tools) {
      case TRANSACTIONAL ->
          agent
              .tools(reading, new RetailTransactionalDesk(shop::world))
              .transactions(JdbcTransactions.over(shop.source()).createTable())
              .build();
      case KEYED -> calling(agent, reading, Contract.KEYED);
      case OPAQUE -> calling(agent, reading, Contract.ONCE);
    };
  }

  private Agent<String> calling(
      Agent.Builder<String> agent, RetailReadingDesk reading, Contract contract) {
    var desk = new RetailCallingDesk(shop::world, contract == Contract.KEYED);
    return agent.tools(reading, desk).contracts(RetailDesks.contracts(contract)).build();
  }
}

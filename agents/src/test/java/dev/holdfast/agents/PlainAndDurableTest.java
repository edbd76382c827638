package dev.holdfast.agents;

import static dev.holdfast.testing.ScriptedModel.Reply.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agents.Desks.Remembering;
import dev.holdfast.agents.Desks.Store;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.testing.ScriptedModel;
import dev.holdfast.testing.ScriptedModel.Reply;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.AiServices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The same agent, plain and durable, whose process dies at each touch of the outside: what the bank
 * paid, and what the memory holds, once it was started again.
 */
class PlainAndDurableTest {
  private static final int TOUCHES = 7;

  /** The process is gone; nothing in it catches that. */
  private static final class Died extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** What is outside of the process, and dies with nobody. */
  static final class World {
    final List<String> paid = new CopyOnWriteArrayList<>();
    final Map<String, String> byKey = new ConcurrentHashMap<>();
    final Store store = new Mortal();
    final AtomicInteger touches = new AtomicInteger();
    final AtomicBoolean isDead = new AtomicBoolean();
    final int diesAfter;
    final boolean isKilled;

    /** One whose process is killed by the test, or that dies of an error. */
    World(int diesAfter, boolean isKilled) {
      this.diesAfter = diesAfter;
      this.isKilled = isKilled;
    }

    /** Messages outside of the process; a dead one writes none. */
    private final class Mortal extends Store {
      @Override
      public void updateMessages(Object id, List<ChatMessage> messages) {
        checkAlive();
        super.updateMessages(id, messages);
      }
    }

    void checkAlive() {
      if (isDead.get() && !isKilled) {
        throw new Died();
      }
    }

    void touched() {
      checkAlive();
      if (touches.incrementAndGet() == diesAfter) {
        isDead.set(true);
        if (isKilled) {
          LockSupport.parkNanos(Bench.DEADLINE.toNanos());
        }
        throw new Died();
      }
    }

    boolean isPoisoned() {
      var open = new ArrayList<String>();
      for (var message : store.getMessages("ann")) {
        if (message instanceof AiMessage reply) {
          reply.toolExecutionRequests().forEach(call -> open.add(call.id()));
        } else if (message instanceof ToolExecutionResultMessage result) {
          open.remove(result.id());
        } else if (!open.isEmpty()) {
          return true;
        }
      }
      return !open.isEmpty();
    }
  }

  /** Pays; plain LangChain4j has no key to hand over, so it makes one each time. */
  static final class Bank {
    private final World world;
    private final boolean hasKey;

    Bank(World world, boolean hasKey) {
      this.world = world;
      this.hasKey = hasKey;
    }

    String pay(String to, String key) {
      String result =
          world.byKey.computeIfAbsent(
              key,
              fresh -> {
                world.paid.add(to);
                return "paid " + to;
              });
      world.touched();
      return result;
    }

    String key() {
      return hasKey ? "" : "fresh-" + world.paid.size();
    }
  }

  /** The bank as plain LangChain4j calls it. */
  record PlainBank(Bank bank) {
    @Tool
    String pay(String to) {
      return bank.pay(to, bank.key());
    }
  }

  /** The bank as a durable agent calls it. */
  record KeyedBank(Bank bank) {
    @Effect(Contract.KEYED)
    @Tool
    String pay(String to, IdempotencyKey key) {
      return bank.pay(to, key.text());
    }
  }

  /** Pays everybody whose payment it sees no result of, two first and then the third. */
  private static ScriptedModel paying() {
    return ScriptedModel.deciding(asked -> {
      String seen =
          asked.messages().stream()
              .filter(ToolExecutionResultMessage.class::isInstance)
              .map(each -> ((ToolExecutionResultMessage) each).text())
              .collect(Collectors.joining(","));
      var open = Stream.of("bob", "cid", "dan").filter(name -> !seen.contains("paid " + name));
      var next = open.limit(seen.isEmpty() ? 2 : 1).map(PlainAndDurableTest::payment).toList();
      return next.isEmpty()
          ? Reply.text("all paid")
          : Reply.calls(next.toArray(ToolExecutionRequest[]::new));
    });
  }

  private static ToolExecutionRequest payment(String to) {
    return request("pay-" + to, "pay", "{\"to\":\"%s\"}".formatted(to));
  }

  private record Dying(World world, ChatModel model) implements ChatModel {
    @Override
    public ChatResponse chat(ChatRequest request) {
      ChatResponse response = model.chat(request);
      world.touched();
      return response;
    }
  }

  /** What a death at one touch led to. */
  private record Damage(int duplicates, int lost, boolean isPoisoned) {
    static Damage of(World world) {
      int distinct = (int) world.paid.stream().distinct().count();
      return new Damage(world.paid.size() - distinct, 3 - distinct, world.isPoisoned());
    }
  }

  private static Damage plain(int diesAfter) {
    var world = new World(diesAfter, false);
    for (int start = 0; start < 2; start++) {
      world.isDead.set(false);
      Remembering agent =
          AiServices.builder(Remembering.class)
              .tools(new PlainBank(new Bank(world, false)))
              .chatModel(new Dying(world, paying()))
              .chatMemoryProvider(world.store.window(50))
              .build();
      if (answered(agent).isPresent()) {
        break;
      }
    }
    return Damage.of(world);
  }

  /** Plain agents lose their place; whoever starts them again asks once more. */
  private static Optional<String> answered(Remembering agent) {
    try {
      return Optional.of(agent.chat("ann", "pay them all"));
    } catch (Died | RuntimeException gone) {
      return Optional.empty();
    }
  }

  private static Damage durable(int diesAfter) {
    var world = new World(diesAfter, true);
    try (var bench = new Bench()) {
      var first = Desks.calling(text -> fresh(world).chat("ann", text));
      bench.start(first, "run-1", "pay them all");
      Awaitility.await().atMost(Bench.DEADLINE).untilTrue(world.isDead);
      bench.crashAndReopen(Desks.calling(text -> fresh(world).chat("ann", text)));
      assertThat(bench.engine().find("run-1", String.class).run(Bench.DEADLINE))
          .isEqualTo("all paid");
    }
    return Damage.of(world);
  }

  private static Remembering fresh(World world) {
    return Durable.aiServices(Remembering.class)
        .tools(new KeyedBank(new Bank(world, true)))
        .chatModel(new Dying(world, paying()))
        .chatMemoryProvider(world.store.window(50))
        .build();
  }

  @Test
  void aPlainAgentPaysTwiceOrPoisonsItsMemoryWhereADurableOneDoesNeither() {
    var plain = new ArrayList<Damage>();
    var durable = new ArrayList<Damage>();
    for (int touch = 1; touch < TOUCHES; touch++) {
      plain.add(plain(touch));
      durable.add(durable(touch));
    }
    assertThat(durable).containsOnly(new Damage(0, 0, false));
    assertThat(plain).anyMatch(each -> each.duplicates() > 0).anyMatch(Damage::isPoisoned);
  }
}

package dev.holdfast.bench;

import dev.holdfast.agents.Durable;
import dev.holdfast.agents.Effect;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.IdempotencyKey;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.service.AiServices;
import java.util.concurrent.atomic.AtomicLong;

/**
 * LangChain4j's agent whose cost is measured: its interface, its tool, and both ways to build it.
 */
final class OverheadClerk {
  private OverheadClerk() {}

  /** Public, since the store calls it. */
  public interface Chat {
    /** Answers after having called the tools that its model asks for. */
    String chat(String message);
  }

  /** The tool as LangChain4j alone calls it. */
  static final class PlainBooks {
    private final AtomicLong booked = new AtomicLong();

    @Tool("Books a line")
    String book(int number) {
      booked.incrementAndGet();
      return StepsWorkload.answer(number);
    }

    long booked() {
      return booked.get();
    }
  }

  /** The tool with the key that a durable agent hands over. */
  static final class KeyedBooks {
    private final AtomicLong booked = new AtomicLong();

    @Tool("Books a line")
    @Effect(Contract.KEYED)
    String book(IdempotencyKey key, int number) {
      if (key.text().isEmpty()) {
        throw new IllegalStateException("A keyed tool was called without a key.");
      }
      booked.incrementAndGet();
      return StepsWorkload.answer(number);
    }

    long booked() {
      return booked.get();
    }
  }

  /** The agent as LangChain4j builds it. */
  static Chat plain(OverheadModel model, PlainBooks books) {
    return AiServices.builder(Chat.class).chatModel(model).tools(books).build();
  }

  /** The same agent, made durable. */
  static Chat durable(OverheadModel model, KeyedBooks books) {
    return Durable.aiServices(Chat.class).chatModel(model).tools(books).build();
  }
}

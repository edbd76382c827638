package dev.holdfast.bench;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.store.Durability;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Options;
import dev.holdfast.store.Service;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** One way to run the agent, asked for whole conversations one after another. For one thread. */
abstract sealed class OverheadSide implements AutoCloseable {
  private final Map<OverheadMix, OverheadModel> models = new EnumMap<>(OverheadMix.class);
  private long conversations;

  OverheadSide() {
    for (OverheadMix mix : OverheadMix.values()) {
      models.put(mix, new OverheadModel(mix));
    }
  }

  /**
   * What one conversation cost.
   *
   * @param micros from the question until the answer
   * @param commits transactions of the store
   * @param waits how often the run waited for one
   */
  record Cost(double micros, double commits, double waits) {}

  /** Has one conversation. */
  Cost measure(OverheadMix mix) {
    long booked = booked();
    long asked = model(mix).calls();
    long commits = commits();
    long waits = waits();
    long began = System.nanoTime();
    String answer = converse(mix, conversations++);
    double micros = (System.nanoTime() - began) / 1e3;
    require(answer.equals(OverheadModel.ANSWER), "the agent answered " + answer);
    require(booked() - booked == mix.toolCalls(), "tool calls are missing or repeated");
    require(model(mix).calls() - asked == mix.modelCalls(), "model calls are missing or repeated");
    return new Cost(micros, (double) commits() - commits, (double) waits() - waits);
  }

  /** Has one conversation of each mix. */
  Map<OverheadMix, Cost> measure() {
    Map<OverheadMix, Cost> costs = new EnumMap<>(OverheadMix.class);
    for (OverheadMix mix : OverheadMix.values()) {
      costs.put(mix, measure(mix));
    }
    return costs;
  }

  private static void require(boolean holds, String fact) {
    if (!holds) {
      throw new IllegalStateException("The conversation is not the one to measure: " + fact + ".");
    }
  }

  OverheadModel model(OverheadMix mix) {
    return Optional.ofNullable(models.get(mix)).orElseThrow();
  }

  abstract String converse(OverheadMix mix, long number);

  abstract long booked();

  abstract long commits();

  abstract long waits();

  @Override
  public void close() {}

  /** LangChain4j alone. */
  static final class Plain extends OverheadSide {
    private final OverheadClerk.PlainBooks books = new OverheadClerk.PlainBooks();
    private final Map<OverheadMix, OverheadClerk.Chat> clerks = new EnumMap<>(OverheadMix.class);

    Plain() {
      for (OverheadMix mix : OverheadMix.values()) {
        clerks.put(mix, OverheadClerk.plain(model(mix), books));
      }
    }

    @Override
    String converse(OverheadMix mix, long number) {
      return Optional.ofNullable(clerks.get(mix)).orElseThrow().chat("Book line " + number);
    }

    @Override
    long booked() {
      return books.booked();
    }

    @Override
    long commits() {
      return 0;
    }

    @Override
    long waits() {
      return 0;
    }
  }

  /** The same agent on a store. */
  static final class Held extends OverheadSide implements FaultPoints {
    private static final int ENTRIES_MAX = 1_000;

    private final OverheadClerk.KeyedBooks books = new OverheadClerk.KeyedBooks();
    private final Map<OverheadMix, Service<OverheadClerk.Chat>> clerks =
        new EnumMap<>(OverheadMix.class);
    private final AtomicLong waits = new AtomicLong();
    private final Path file;
    private final Holdfast holdfast;

    Held(Path file, Durability durability) {
      this.file = file;
      Settings settings = Settings.standard().faultPoints(this);
      holdfast = Holdfast.open(file, Options.standard().durability(durability).settings(settings));
      for (OverheadMix mix : OverheadMix.values()) {
        OverheadClerk.Chat clerk = OverheadClerk.durable(model(mix), books);
        clerks.put(mix, holdfast.register(mix.name(), OverheadClerk.Chat.class, clerk));
      }
    }

    @Override
    public void reached(Boundary boundary, RunId run, StepPath path) {
      if (boundary == Boundary.BEFORE_COMMIT) {
        waits.incrementAndGet();
      }
    }

    @Override
    String converse(OverheadMix mix, long number) {
      return Optional.ofNullable(clerks.get(mix))
          .orElseThrow()
          .run(idOf(number), clerk -> clerk.chat("Book line " + number));
    }

    private static String idOf(long number) {
      return "conversation-" + number;
    }

    /** What the store wrote for that conversation, row by row. */
    List<String> rows(long number) {
      JsonCodec codec = JsonCodec.standard();
      try (JournalReader reader = Holdfast.reader(file)) {
        return reader.entries(new RunId(idOf(number)), 0, ENTRIES_MAX).stream()
            .map(recorded -> codec.write(recorded.entry()))
            .toList();
      }
    }

    @Override
    long booked() {
      return books.booked();
    }

    @Override
    long commits() {
      return holdfast.commits();
    }

    @Override
    long waits() {
      return waits.get();
    }

    @Override
    public void close() {
      holdfast.close();
    }
  }
}

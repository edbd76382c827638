package dev.holdfast.bench;

import dev.langchain4j.agentic.scope.AgenticScopePersister;
import dev.langchain4j.exception.InvalidRequestException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * LangChain4j without Holdfast, and a caller who does what can be done: asks again after a crash,
 * with the same memory, and clears a memory that the model's provider refuses.
 */
abstract sealed class AdoptionNaive implements AdoptionSide {
  private static final int LIVES_MAX = 6;

  final AdoptionBooks books = new AdoptionBooks();
  final AdoptionFiles memories;

  AdoptionNaive(Path folder) {
    memories = new AdoptionFiles(folder.resolve("memory"));
  }

  /** Asks once, in a process of that life. */
  abstract String ask(AdoptionLife life, String question);

  @Override
  public AdoptionTurn settle(String order, Strike strike) {
    var first = AdoptionLife.dyingAt(touchOf(strike));
    boolean isAnswered = false;
    int refusals = 0;
    AdoptionLife life = first;
    for (int lives = 1; lives <= LIVES_MAX && !isAnswered; lives++) {
      Optional<String> answer = answer(life, AdoptionModel.question(order));
      isAnswered = answer.filter(AdoptionModel.answer(order)::equals).isPresent();
      refusals += answer.isEmpty() && !life.isOver() ? clearMemory() : 0;
      life = AdoptionLife.unharmed();
    }
    return new AdoptionTurn(isAnswered, first.isOver(), refusals, 0, 0, first.touches());
  }

  private int clearMemory() {
    memories.all().keySet().forEach(memories::delete);
    return 1;
  }

  private static int touchOf(Strike strike) {
    return switch (strike) {
      case Strike.None none -> 0;
      case Strike.Touch touch -> touch.number();
      case Strike.Point point ->
          throw new IllegalArgumentException("LangChain4j has no boundary " + point + ".");
    };
  }

  /** The answer; empty where the process died or the provider refused the memory. */
  private Optional<String> answer(AdoptionLife life, String question) {
    try {
      String answer = ask(life, question);
      return life.isOver() ? Optional.empty() : Optional.of(answer);
    } catch (Throwable thrown) { // a death comes wrapped in whatever caught it on the way
      if (life.isOver() || isRefusal(thrown)) {
        return Optional.empty();
      }
      throw thrown;
    }
  }

  private static boolean isRefusal(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof InvalidRequestException) {
        return true;
      }
    }
    return false;
  }

  @Override
  public AdoptionBooks books() {
    return books;
  }

  @Override
  public Map<String, List<String>> memory() {
    return AdoptionMemory.said(memories);
  }

  /** One AiService with all tools. */
  static final class Plain extends AdoptionNaive {
    Plain(Path folder) {
      super(folder);
    }

    @Override
    String ask(AdoptionLife life, String question) {
      return AdoptionAgents.plain(life, books, new AdoptionMemory(memories, life))
          .chat(CUSTOMER, question);
    }
  }

  /** A sequence of agents, whose progress langchain4j-agentic keeps and takes up again. */
  static final class Agentic extends AdoptionNaive {
    private final AdoptionFiles scopes;

    Agentic(Path folder) {
      super(folder);
      scopes = new AdoptionFiles(folder.resolve("scopes"));
    }

    @Override
    String ask(AdoptionLife life, String question) {
      var memory = new AdoptionMemory(memories, life);
      return AdoptionAgents.agentic(life, books, memory, new AdoptionScopes(scopes, life))
          .settle(CUSTOMER, question);
    }

    @Override
    @SuppressWarnings("NullAway") // none is what the persister begins with
    public void close() {
      AgenticScopePersister.setStore(null);
    }
  }
}

package dev.holdfast.gauntlet;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model that fails as models and their providers do: on its own where a test says so, and in a
 * play of the gauntlet where the schedule does.
 *
 * <p>Faults of {@link Faults#MODELS} befall it, and {@link Fault#REFUSED}, {@link
 * Fault#ANSWER_LOST} and {@link Fault#TRY_LATER}. Once {@link Fault#ENDLESS_LOOP} struck it asks
 * for the same for ever. Safe for many threads.
 */
public final class FaultyModel implements ChatModel {
  private final ChatModel real;
  private final Map<Integer, Fault> script = new HashMap<>();
  private final List<ChatRequest> requests = new ArrayList<>();
  private Optional<ChatResponse> loop = Optional.empty();

  private FaultyModel(ChatModel real) {
    this.real = real;
  }

  /** A model that answers as that one does until something strikes. */
  public static FaultyModel of(ChatModel real) {
    return new FaultyModel(real);
  }

  /**
   * Lets a fault strike outside of plays.
   *
   * @param call which call it strikes, counted from 1
   * @throws IllegalArgumentException where it cannot befall a model
   */
  public synchronized FaultyModel striking(int call, Fault fault) {
    if (call < 1 || !ModelFaults.befalls(fault)) {
      throw new IllegalArgumentException(
          "%s at call %d: calls count from 1, and it must be one of %s."
              .formatted(fault.word(), call, ModelFaults.ALL));
    }
    script.put(call, fault);
    return this;
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    Optional<Fault> fault = Site.here().map(Site::meetModel).orElseGet(() -> next(request));
    Optional<ChatResponse> looping = looping();
    if (looping.isPresent()) {
      return looping.get();
    }
    ChatResponse answer =
        fault.isPresent() ? ModelFaults.answer(fault.get(), real, request) : real.doChat(request);
    if (fault.filter(Fault.ENDLESS_LOOP::equals).isPresent()) {
      repeat(answer);
    }
    return answer;
  }

  private synchronized Optional<Fault> next(ChatRequest request) {
    requests.add(request);
    return Optional.ofNullable(script.get(requests.size()));
  }

  private synchronized Optional<ChatResponse> looping() {
    return loop;
  }

  private synchronized void repeat(ChatResponse answer) {
    loop = Optional.of(answer);
  }

  /** How often it was asked outside of plays. */
  public synchronized int calls() {
    return requests.size();
  }
}

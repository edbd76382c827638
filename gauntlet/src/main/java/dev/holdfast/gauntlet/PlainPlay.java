package dev.holdfast.gauntlet;

import dev.holdfast.gauntlet.Schedule.Moment;
import dev.holdfast.gauntlet.Schedule.Place;
import dev.holdfast.gauntlet.Schedule.Strike;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Plays a schedule on an agent without a runtime, which begins again from nothing when its process
 * dies or its call fails; for one use by one thread.
 *
 * <p>Its calls are counted over all its lives. A strike at or around the k-th call of the calm play
 * strikes at its k-th call.
 */
final class PlainPlay<W> implements Scenario.Calls {
  private static final int LIVES_MAX = 20;

  /** Ends a life. */
  private static final class Died extends Error {
    private static final long serialVersionUID = 1L;

    Died() {
      super("The process died.", null, false, false);
    }
  }

  private final Scenario.Plain<W> plain;
  private final Map<Integer, Fault> atCall = new HashMap<>();
  private final Map<Integer, Fault> afterCall = new HashMap<>();
  private int calls;
  private int struck;

  /**
   * Prepares a play.
   *
   * @param reached what the calm play under the runtime reached, in order
   */
  PlainPlay(Scenario.Plain<W> plain, Schedule schedule, List<Place> reached) {
    this.plain = plain;
    befalling(schedule).strikes().forEach(strike -> place(strike, reached));
  }

  /** What of a schedule strikes an agent without a runtime. */
  static Schedule befalling(Schedule schedule) {
    return new Schedule(
        schedule.seed(),
        schedule.strikes().stream()
            .filter(strike ->
                switch (strike.fault().group()) {
                  case PROCESS -> strike.fault() == Fault.CRASH;
                  case CALLS, RESULTS, MODELS -> true;
                  case STORE, MESSAGES, PEOPLE -> false;
                })
            .toList());
  }

  private void place(Strike strike, List<Place> reached) {
    int before =
        (int)
            reached.stream()
                .limit(reached.indexOf(strike.place()) + 1L)
                .filter(place -> place.moment() == Moment.BEFORE_CALL)
                .count();
    switch (strike.fault().group()) {
      case CALLS, RESULTS, MODELS -> atCall.put(before, strike.fault());
      case PROCESS, STORE, MESSAGES, PEOPLE -> {
        boolean isAtCall = strike.place().moment() == Moment.BEFORE_CALL;
        afterCall.put(isAtCall ? before - 1 : before, strike.fault());
      }
    }
  }

  /**
   * Plays it to an end.
   *
   * @return why it never came to one, if it did not
   */
  Optional<String> play(W world) {
    String last = "";
    for (int life = 0; life < LIVES_MAX; life++) {
      try {
        strikeAfter();
        plain.live(world, this);
        return Optional.empty();
      } catch (Died crashed) {
        last = "its process died";
      } catch (Exception failed) {
        return Optional.of("It failed: " + failed);
      }
    }
    return Optional.of("It began %d times, and then %s.".formatted(LIVES_MAX, last));
  }

  /** How many strikes met their place. */
  int struck() {
    return struck;
  }

  @Override
  public <T> T call(String name, Callable<T> call) throws Exception {
    calls++;
    Optional<Fault> fault = Optional.ofNullable(atCall.remove(calls));
    struck += fault.isPresent() ? 1 : 0;
    T answer = fault.isPresent() ? badly(fault.get(), call) : call.call();
    strikeAfter();
    return answer;
  }

  private void strikeAfter() {
    if (afterCall.remove(calls) != null) {
      struck++;
      throw new Died();
    }
  }

  @SuppressWarnings("unchecked") // A text stands for a text.
  private static <T> T badly(Fault fault, Callable<T> call) throws Exception {
    return switch (fault.group()) {
      case RESULTS -> {
        T answer = call.call();
        yield answer instanceof String text ? (T) Distortion.of(fault, text) : answer;
      }
      case MODELS -> new Site(Optional.of(fault)).around(call);
      case CALLS -> failing(fault, call);
      case PROCESS, STORE, MESSAGES, PEOPLE ->
          throw new IllegalArgumentException(fault.word() + " befalls no call.");
    };
  }

  private static <T> T failing(Fault fault, Callable<T> call) throws Exception {
    return switch (fault) {
      case REFUSED -> throw new ConnectException("The connection was refused.");
      case TRY_LATER -> throw new IOException("Busy: try again.");
      case REJECTED -> throw new IllegalStateException("The target does not want this.");
      case DELIVERED_TWICE -> {
        call.call();
        yield call.call();
      }
      case ANSWER_LOST -> {
        call.call();
        throw new SocketException("The connection was reset before the answer was there.");
      }
      case DONE_LATE -> {
        call.call();
        throw new SocketTimeoutException("No answer came in time.");
      }
      default -> throw new IllegalArgumentException(fault.word() + " befalls no call.");
    };
  }
}

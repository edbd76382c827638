package dev.holdfast.gauntlet;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A source of messages that delivers as queues do: twice, late, in another order, and again what
 * was acknowledged; at least once, and never for nothing.
 *
 * <p>What is not acknowledged when the next delivery is asked for comes again behind the others.
 * For one consumer on one thread.
 *
 * @param <T> the messages
 */
public final class FaultyMessages<T> {
  private static final int DELIVERIES_MAX = 100;
  private static final Set<Fault> STRIKING =
      EnumSet.of(Fault.DUPLICATED, Fault.OVERTAKEN, Fault.LATE, Fault.ACKNOWLEDGEMENT_LOST);

  private final List<T> messages;
  private final Map<Integer, Fault> script = new HashMap<>();
  private final Map<Integer, Integer> deliveries = new HashMap<>();
  private final Set<Integer> forgotten = new HashSet<>();
  private final List<Integer> order = new ArrayList<>();
  private @Nullable Delivery open;
  private boolean hasBegun;

  private FaultyMessages(List<T> messages) {
    this.messages = List.copyOf(messages);
  }

  /** A source of these messages, in their order until something strikes. */
  public static <T> FaultyMessages<T> of(List<T> messages) {
    return new FaultyMessages<>(messages);
  }

  /** One delivery of a message. */
  public final class Delivery {
    private final int number;
    private boolean isAcknowledged;
    private boolean isSaid;

    private Delivery(int number) {
      this.number = number;
    }

    /** What is delivered. */
    public T message() {
      return messages.get(number);
    }

    /** Says that it need not come again, which may get lost; saying it again says nothing. */
    public void acknowledge() {
      if (isSaid) {
        return;
      }
      isSaid = true;
      isAcknowledged = script.get(number) != Fault.ACKNOWLEDGEMENT_LOST || !forgotten.add(number);
    }
  }

  /**
   * Lets a fault strike, before the first delivery.
   *
   * @param message which message, counted from 1
   * @throws IllegalArgumentException where there is no such message or it befalls none
   */
  public FaultyMessages<T> striking(int message, Fault fault) {
    if (hasBegun || message < 1 || message > messages.size() || !STRIKING.contains(fault)) {
      throw new IllegalArgumentException(
          "%s at message %d: there are %d, faults are %s, and none may have been delivered."
              .formatted(fault.word(), message, messages.size(), STRIKING));
    }
    script.put(message - 1, fault);
    return this;
  }

  /**
   * The next delivery; none where everything was acknowledged.
   *
   * @throws IllegalStateException where a message came 100 times and was never acknowledged
   */
  public Optional<Delivery> next() {
    if (!hasBegun) {
      hasBegun = true;
      line();
    }
    if (open != null && !open.isAcknowledged) {
      order.add(open.number);
    }
    open = null;
    if (order.isEmpty()) {
      return Optional.empty();
    }
    var delivery = new Delivery(order.removeFirst());
    if (deliveries.merge(delivery.number, 1, Integer::sum) > DELIVERIES_MAX) {
      throw new IllegalStateException(
          "Message %d came %d times and was never acknowledged."
              .formatted(delivery.number + 1, DELIVERIES_MAX));
    }
    open = delivery;
    return Optional.of(delivery);
  }

  /** The order of the first deliveries. */
  private void line() {
    var last = new ArrayList<Integer>();
    Optional<Integer> overtaken = Optional.empty();
    for (int i = 0; i < messages.size(); i++) {
      Optional<Fault> fault = Optional.ofNullable(script.get(i));
      if (fault.filter(Fault.LATE::equals).isPresent()) {
        last.add(i);
      } else if (fault.filter(Fault.OVERTAKEN::equals).isPresent() && overtaken.isEmpty()) {
        overtaken = Optional.of(i);
      } else {
        order.add(i);
        overtaken.ifPresent(order::add);
        overtaken = Optional.empty();
      }
      if (fault.filter(Fault.DUPLICATED::equals).isPresent()) {
        order.add(i);
      }
    }
    overtaken.ifPresent(order::add);
    order.addAll(last);
  }
}

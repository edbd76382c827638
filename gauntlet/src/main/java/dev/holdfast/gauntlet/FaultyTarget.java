package dev.holdfast.gauntlet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A bank, a mailbox or any other target behind an interface, whose calls fail where a test says so.
 *
 * <p>Faults of {@link Faults#CALLS} and {@link Faults#RESULTS} strike it; those of results change
 * texts and leave everything else alone. What fails throws an {@link IOException} where the method
 * declares one, else an {@link UncheckedIOException}; what is rejected an {@link
 * IllegalStateException}. It runs in real time, and is safe for many threads.
 *
 * @param <T> the interface
 */
public final class FaultyTarget<T> {
  private static final Duration PATIENCE_MAX = Duration.ofMinutes(10);
  private static final Set<Fault> STRIKING = strikes();

  private record Call(String method, int number) {}

  private final Class<T> type;
  private final T real;
  private final Map<Call, Fault> script = new HashMap<>();
  private final Map<String, Integer> asked = new HashMap<>();
  private final Map<String, Integer> reached = new HashMap<>();
  private Duration patience = Duration.ofMillis(100);

  private FaultyTarget(Class<T> type, T real) {
    this.type = type;
    this.real = real;
  }

  private static Set<Fault> strikes() {
    Set<Fault> strikes = EnumSet.copyOf(Faults.CALLS.faults());
    strikes.addAll(Faults.RESULTS.faults());
    return strikes;
  }

  /**
   * A target that does what that one does until something strikes.
   *
   * @throws IllegalArgumentException where the type is no interface
   */
  public static <T> FaultyTarget<T> of(Class<T> type, T real) {
    if (!type.isInterface()) {
      throw new IllegalArgumentException(
          "%s is no interface, and only calls of an interface can be made to fail."
              .formatted(type.getName()));
    }
    return new FaultyTarget<>(type, real);
  }

  /**
   * Lets a fault strike.
   *
   * @param method whose call it strikes
   * @param call which call of it, counted from 1
   * @throws IllegalArgumentException where there is no such method, or the fault befalls no call
   */
  public synchronized FaultyTarget<T> striking(String method, int call, Fault fault) {
    boolean isThere =
        Arrays.stream(type.getMethods()).anyMatch(each -> each.getName().equals(method));
    if (!isThere || call < 1 || !STRIKING.contains(fault)) {
      throw new IllegalArgumentException(
          "%s at call %d of %s: it must be a method of %s, calls count from 1, faults are %s."
              .formatted(fault.word(), call, method, type.getSimpleName(), STRIKING));
    }
    script.put(new Call(method, call), fault);
    return this;
  }

  /** How long a caller waits for what is done late, above 0 to 10 minutes; default 100 ms. */
  public synchronized FaultyTarget<T> patience(Duration changed) {
    if (!changed.isPositive() || changed.compareTo(PATIENCE_MAX) > 0) {
      throw new IllegalArgumentException(
          "patience must be above 0 and at most 10 minutes, is %s.".formatted(changed));
    }
    patience = changed;
    return this;
  }

  /** The target as its callers see it. */
  public T get() {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> call(method, arguments));
    return type.cast(proxy);
  }

  /** How often calls of that method really reached the target. */
  public synchronized int reached(String method) {
    return reached.getOrDefault(method, 0);
  }

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return method.invoke(real, arguments);
    }
    Optional<Fault> fault = next(method.getName());
    return fault.isPresent() ? badly(fault.get(), method, arguments) : reach(method, arguments);
  }

  private synchronized Optional<Fault> next(String method) {
    int number = asked.merge(method, 1, Integer::sum);
    return Optional.ofNullable(script.get(new Call(method, number)));
  }

  private @Nullable Object badly(Fault fault, Method method, Object @Nullable [] arguments)
      throws Throwable {
    return switch (fault) {
      case REFUSED -> throw broken(method, new ConnectException("The connection was refused."));
      case TRY_LATER -> throw broken(method, new IOException("Busy: try again."));
      case REJECTED -> throw new IllegalStateException("The target does not want this.");
      case ANSWER_LOST -> {
        reach(method, arguments);
        throw broken(method, new SocketException("The connection was reset."));
      }
      case DELIVERED_TWICE -> {
        reach(method, arguments);
        yield reach(method, arguments);
      }
      case DONE_LATE -> throw late(method, arguments);
      default -> {
        Object answer = reach(method, arguments);
        yield answer instanceof String text ? Distortion.of(fault, text) : answer;
      }
    };
  }

  private Exception late(Method method, Object @Nullable [] arguments) {
    Duration wait;
    synchronized (this) {
      wait = patience;
    }
    Thread.startVirtualThread(() -> {
      try {
        Thread.sleep(wait.multipliedBy(2));
        reach(method, arguments);
      } catch (Throwable unheard) {
        // Nobody waits for it, so the thread's handler is the only one who can tell.
        throw new IllegalStateException("What was done late failed.", unheard);
      }
    });
    try {
      Thread.sleep(wait);
    } catch (InterruptedException givenUp) {
      Thread.currentThread().interrupt();
    }
    return broken(method, new SocketTimeoutException("No answer came in time."));
  }

  private @Nullable Object reach(Method method, Object @Nullable [] arguments) throws Throwable {
    synchronized (this) {
      reached.merge(method.getName(), 1, Integer::sum);
    }
    method.trySetAccessible(); // an interface of a test is seldom public
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause() == null ? thrown : thrown.getCause();
    }
  }

  private static Exception broken(Method method, IOException failure) {
    boolean isDeclared =
        Arrays.stream(method.getExceptionTypes())
            .anyMatch(declared -> declared.isInstance(failure));
    return isDeclared ? failure : new UncheckedIOException(failure);
  }
}

package dev.holdfast.console;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The order to stop that a process is given by signals: the first is heard, the second ends the
 * process at once. Safe for many threads.
 *
 * <p>The JVM's own way of a shutdown hook neither knows a second signal nor lets the exit code be
 * chosen.
 */
final class Stopping {
  /** Beyond the limit of steps under way: to interrupt them and to write down what they were. */
  private static final Duration CLOSING_MAX = Duration.ofSeconds(20);

  private static final Map<String, Integer> SIGNALS = Map.of("TERM", 15, "INT", 2);
  private static final int EXIT_FAILED = 1;
  private static final int EXIT_SIGNAL_BASE = 128;

  private final CountDownLatch asked = new CountDownLatch(1);

  private Stopping() {}

  /** Hears SIGTERM and SIGINT from now on. */
  static Stopping onSignals() {
    var stopping = new Stopping();
    SIGNALS.forEach((name, number) -> hear(name, () -> stopping.signal(number)));
    return stopping;
  }

  private void signal(int number) {
    if (asked.getCount() == 0) {
      Runtime.getRuntime().halt(EXIT_SIGNAL_BASE + number);
    }
    asked.countDown();
  }

  /** By reflection: the compiler cannot be told that this class of the JDK is wanted. */
  private static void hear(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler heard =
          (proxy, method, arguments) -> {
            if (!method.getName().equals("handle")) {
              throw new UnsupportedOperationException(method.getName());
            }
            action.run();
            return null;
          };
      Object proxy =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, heard);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException unknown) {
      throw new IllegalStateException(
          "This JVM does not let SIG%s be heard. Use a JDK with the module jdk.unsupported."
              .formatted(name),
          unknown);
    }
  }

  /** Waits so long for the order; whether it was given. */
  boolean await(Duration atMost) {
    try {
      return asked.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Whatever happens, the process is gone after that time and 20 s: others wait for its lease. */
  void endAtTheLatestAfter(Duration drain) {
    Thread.ofPlatform()
        .daemon()
        .name("end-at-the-latest")
        .start(() -> {
          try {
            Thread.sleep(drain.plus(CLOSING_MAX));
          } catch (InterruptedException early) {
            Thread.currentThread().interrupt();
            return;
          }
          Runtime.getRuntime().halt(EXIT_FAILED);
        });
  }
}

package dev.holdfast.testing;

import dev.holdfast.journal.spi.Journal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.UnaryOperator;

/** A journal that goes wrong where a test says so, and is another one otherwise. */
final class Faulty {
  /** What to do in place of, or around, a call. */
  @FunctionalInterface
  interface Fault {
    Object call(String method, Object[] arguments, Call real) throws Throwable;
  }

  /** The call as the journal itself would answer it. */
  @FunctionalInterface
  interface Call {
    Object proceed() throws Throwable;
  }

  private Faulty() {}

  static UnaryOperator<Journal> with(Fault fault) {
    return journal ->
        (Journal)
            Proxy.newProxyInstance(
                Journal.class.getClassLoader(),
                new Class<?>[] {Journal.class},
                (proxy, method, arguments) ->
                    fault.call(
                        method.getName(),
                        arguments,
                        () -> {
                          try {
                            return method.invoke(journal, arguments);
                          } catch (InvocationTargetException e) {
                            throw e.getCause();
                          }
                        }));
  }
}

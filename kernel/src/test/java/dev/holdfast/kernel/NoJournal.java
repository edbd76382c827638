package dev.holdfast.kernel;

import dev.holdfast.journal.spi.Journal;
import java.lang.reflect.Proxy;

/** A journal for what must not touch one. */
final class NoJournal {
  static final Journal JOURNAL =
      (Journal)
          Proxy.newProxyInstance(
              Journal.class.getClassLoader(),
              new Class<?>[] {Journal.class},
              (proxy, method, arguments) -> {
                throw new AssertionError("must not call " + method.getName());
              });

  private NoJournal() {}
}

package dev.holdfast.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** How many transactions were undone on the connections of some data sources. */
final class CountedRollbacks {
  private final AtomicInteger count = new AtomicInteger();

  int count() {
    return count.get();
  }

  /** The same source, whose transactions that are undone are counted here. */
  DataSource of(DataSource source) {
    return counted(DataSource.class, source);
  }

  private <T> T counted(Class<T> type, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answer(real, method, arguments)));
  }

  private Object answer(Object real, Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("rollback")) {
      count.incrementAndGet();
    }
    try {
      Object answer = method.invoke(real, arguments);
      // What is unwrapped is the driver's own, which a test must not hide.
      return method.getName().equals("getConnection") && answer instanceof Connection connection
          ? counted(Connection.class, connection)
          : answer;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}

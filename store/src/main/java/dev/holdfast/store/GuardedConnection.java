package dev.holdfast.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection within a transaction that belongs to somebody else: it refuses what would end or
 * leave that transaction, on every way to the connection that JDBC offers.
 */
final class GuardedConnection implements InvocationHandler {
  private static final Set<String> REFUSED =
      Set.of("commit", "close", "abort", "setAutoCommit", "setTransactionIsolation", "unwrap");
  private static final Set<Class<?>> LEADING_BACK =
      Set.of(
          Statement.class,
          PreparedStatement.class,
          CallableStatement.class,
          DatabaseMetaData.class);

  private final Object guarded;
  private final @Nullable Connection owner;

  private GuardedConnection(Object guarded, @Nullable Connection owner) {
    this.guarded = guarded;
    this.owner = owner;
  }

  static Connection around(Connection connection) {
    return proxy(Connection.class, new GuardedConnection(connection, null));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (owner != null && method.getName().equals("getConnection")) {
      return owner;
    }
    if (owner == null && isRefused(method)) {
      throw new IllegalStateException(
          ("%s is not allowed on the connection of a transactional effect: it is committed when"
                  + " the work returns and rolled back when it throws.")
              .formatted(method.getName()));
    }
    Object result = called(method, arguments);
    Class<?> type = method.getReturnType();
    return owner == null && result != null && LEADING_BACK.contains(type)
        ? proxy(type, new GuardedConnection(result, (Connection) proxy))
        : result;
  }

  private static boolean isRefused(Method method) {
    boolean isRollback = method.getName().equals("rollback") && method.getParameterCount() == 0;
    return isRollback || REFUSED.contains(method.getName());
  }

  private @Nullable Object called(Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(guarded, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            GuardedConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}

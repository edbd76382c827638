package dev.holdfast.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** A writer's connection whose commits fail as SQLite's do, before or after they took effect. */
final class FaultyConnection {
  /**
   * How a commit fails.
   *
   * @param wentThrough whether it took effect all the same
   */
  record Fault(SQLiteErrorCode code, boolean wentThrough) {}

  private final AtomicInteger commits = new AtomicInteger();
  private volatile IntFunction<Optional<Fault>> faults = number -> Optional.empty();
  private volatile Optional<Connection> real = Optional.empty();
  private volatile long pagesMax = Integer.MAX_VALUE;

  /** Has the commits fail that this says, by their numbers from now on, counted from 1. */
  void fail(IntFunction<Optional<Fault>> byNumber) {
    commits.set(0);
    faults = byNumber;
  }

  /** The next commit alone fails. */
  void failNext(SQLiteErrorCode code, boolean wentThrough) {
    fail(number -> number == 1 ? Optional.of(new Fault(code, wentThrough)) : Optional.empty());
  }

  /** Lets the database grow by so many pages: the disk is full then. */
  void room(int pages) throws SQLException {
    try (Statement statement = real.orElseThrow().createStatement()) {
      pagesMax = statement.executeQuery("PRAGMA page_count").getLong(1) + pages;
    }
    limit(real.orElseThrow());
  }

  /** Later connections have all the room. */
  void unlimit() {
    pagesMax = Integer.MAX_VALUE;
  }

  private void limit(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA max_page_count = " + pagesMax);
    }
  }

  Connection over(Connection connection) {
    real = Optional.of(connection);
    try {
      limit(connection);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return proxy(Connection.class, connection);
  }

  private <T> T proxy(Class<T> type, T target) {
    return type.cast(
        Proxy.newProxyInstance(
            FaultyConnection.class.getClassLoader(),
            new Class<?>[] {type},
            (self, called, arguments) -> {
              try {
                Object result = called.invoke(target, arguments);
                boolean isCommit =
                    result instanceof PreparedStatement && arguments[0].equals("COMMIT");
                return isCommit ? commit((PreparedStatement) result) : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private PreparedStatement commit(PreparedStatement target) {
    return (PreparedStatement)
        Proxy.newProxyInstance(
            FaultyConnection.class.getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            (self, called, arguments) -> {
              if (called.getName().equals("execute")) {
                return committed(target);
              }
              return called.invoke(target, arguments);
            });
  }

  private boolean committed(PreparedStatement target) throws SQLException {
    Optional<Fault> fault = faults.apply(commits.incrementAndGet());
    boolean answer = false;
    if (fault.isEmpty() || fault.get().wentThrough()) {
      answer = target.execute();
    }
    if (fault.isPresent()) {
      throw new SQLiteException(
          "[" + fault.get().code().name() + "] as if by the disk", fault.get().code());
    }
    return answer;
  }
}

package dev.holdfast.examples;

import java.nio.file.Path;
import java.time.Clock;
import javax.sql.DataSource;

/**
 * A retail shop outside the agent's process: a database file with any number of worlds, each with a
 * ledger of its own, over one base. Many processes may open one file. Safe for use by many threads.
 */
public final class RetailShop implements AutoCloseable {
  private final RetailBase base;
  private final RetailDatabase database;
  private final String prefix;

  private RetailShop(RetailBase base, RetailDatabase database, String prefix) {
    this.base = base;
    this.database = database;
    this.prefix = prefix;
  }

  /**
   * Opens the file, or creates it.
   *
   * @throws RuntimeException if the file can be neither opened nor created
   */
  public static RetailShop open(RetailBase base, Path file) {
    return new RetailShop(base, RetailDatabase.open(file, Clock.systemUTC()), "");
  }

  /** The same shop with worlds of its own, of which closing this one is the end. */
  public RetailShop branch(String name) {
    return new RetailShop(base, database, prefix + name + "/");
  }

  /** The world of that id; one that was never used is as the base is. */
  public RetailWorld world(String id) {
    return new RetailWorld(base, database, prefix + id);
  }

  /** Connections whose transactions the caller ends. */
  DataSource source() {
    return database.source();
  }

  /** Closes the database; a branch leaves it open. */
  @Override
  public void close() {
    if (prefix.isEmpty()) {
      database.close();
    }
  }
}

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

  private RetailShop(RetailBase base, RetailDatabase database) {
    this.base = base;
    this.database = database;
  }

  /**
   * Opens the file, or creates it.
   *
   * @throws RuntimeException if the file can be neither opened nor created
   */
  public static RetailShop open(RetailBase base, Path file) {
    return new RetailShop(base, RetailDatabase.open(file, Clock.systemUTC()));
  }

  /** The world of that id; one that was never used is as the base is. */
  public RetailWorld world(String id) {
    return new RetailWorld(base, database, id);
  }

  /** Connections whose transactions the caller ends. */
  DataSource source() {
    return database.source();
  }

  @Override
  public void close() {
    database.close();
  }
}

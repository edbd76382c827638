package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What can be told of a store from outside, beside whoever executes its runs.
 *
 * @param path absolute, without symbolic links
 * @param bytes the size of the database file
 * @param logBytes the size of its write-ahead log
 * @param schemaVersion the version of its tables
 * @param holder the process that executes its runs at the moment, such as {@code pid=17 since=…}
 */
public record StoreFacts(
    Path path, long bytes, long logBytes, int schemaVersion, Optional<String> holder) {
  /** The newest version of the tables that this code knows. */
  public static final int SCHEMA_VERSION_MAX = Schema.VERSION;

  /**
   * Looks at the store in that file.
   *
   * @throws StoreFailed where there is none, or none that this version can read
   */
  public static StoreFacts of(Path file) {
    StoreFile store = StoreFile.existing(file);
    try (Connection connection = Connections.reading(store)) {
      Schema.requireTables(connection, store);
      int version = Schema.version(connection);
      return new StoreFacts(
          store.path(),
          Files.size(store.path()),
          Files.exists(store.wal()) ? Files.size(store.wal()) : 0,
          version,
          StoreLock.holder(store));
    } catch (SQLException | IOException unreadable) {
      throw new StoreFailed(
          "Cannot read %s (%s). Check that it is a store and its permissions."
              .formatted(store, unreadable.getMessage()),
          unreadable);
    }
  }
}

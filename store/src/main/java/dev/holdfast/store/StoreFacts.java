package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StoreFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What can be told of a store from outside, beside whoever executes its runs. */
public sealed interface StoreFacts {
  /** The version of its tables. */
  int schemaVersion();

  /** The newest version of such tables that this code knows. */
  int schemaVersionMax();

  /** Whether a process executes its runs at the moment. */
  boolean isExecuted();

  /** The name of the key under which its data is; empty where it is not encrypted. */
  Optional<String> keyId();

  /**
   * A store in a file.
   *
   * @param path absolute, without symbolic links
   * @param bytes the size of the database file
   * @param logBytes the size of its write-ahead log
   * @param freeBytes what is free on its disk; where nothing is, runs wait
   * @param schemaVersion the version of its tables
   * @param keyId the name of the key under which its data is, if it is encrypted
   * @param holder the process that executes its runs at the moment, such as {@code pid=17 since=…}
   */
  record OfFile(
      Path path,
      long bytes,
      long logBytes,
      long freeBytes,
      int schemaVersion,
      Optional<String> keyId,
      Optional<String> holder)
      implements StoreFacts {
    @Override
    public int schemaVersionMax() {
      return Schema.VERSION;
    }

    @Override
    public boolean isExecuted() {
      return holder.isPresent();
    }
  }

  /**
   * A store in a PostgreSQL database.
   *
   * @param location the server and the database, without settings
   * @param serverVersion such as {@code 16.4}
   * @param schemaVersion the version of the tables
   * @param keyId the name of the key under which its data is, if it is encrypted
   * @param settings those of the server that say what confirmed writes survive, by their names
   * @param unsafe why workers at {@link Durability#POWER_LOSS} would refuse it, if they would
   * @param workers the processes that execute its runs, the first that joined first; at most 1,000
   * @param clockAhead how far this machine's clock is ahead of the database's; may be negative
   * @param hearsAnnouncements whether what others announce arrives over these connections
   */
  record OfServer(
      String location,
      String serverVersion,
      int schemaVersion,
      Optional<String> keyId,
      Map<String, String> settings,
      Optional<String> unsafe,
      List<Worker> workers,
      Duration clockAhead,
      boolean hearsAnnouncements)
      implements StoreFacts {
    /** Copies the collections. */
    public OfServer {
      settings = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(settings));
      workers = List.copyOf(workers);
    }

    @Override
    public int schemaVersionMax() {
      return PostgresSchema.VERSION;
    }

    @Override
    public boolean isExecuted() {
      return workers.stream().anyMatch(Worker::isAlive);
    }
  }

  /**
   * A process that executes the runs of a database.
   *
   * @param number by which the database knows it
   * @param name what it calls itself
   * @param leaseUntil when others take its runs over, unless it is heard of before
   * @param isAlive whether that is still to come, by the database's clock
   * @param runs how many runs it executes
   */
  record Worker(long number, String name, Instant leaseUntil, boolean isAlive, long runs) {}

  /**
   * What a look at everything in a store found.
   *
   * @param damage what is damaged in a file's tables and their indexes, at most 100 lines
   * @param tables the tables that are, or whose indexes are
   * @param unreadable runs whose entries or mail cannot be read; at most 1,000. All others can be
   * @param runs how many runs were read
   */
  record Check(List<String> damage, Set<String> tables, List<RunId> unreadable, long runs) {
    /** Copies the collections. */
    public Check {
      damage = List.copyOf(damage);
      tables = java.util.Collections.unmodifiableSet(new java.util.LinkedHashSet<>(tables));
      unreadable = List.copyOf(unreadable);
    }

    /** Whether nothing is wrong. */
    public boolean isWhole() {
      return damage.isEmpty() && unreadable.isEmpty();
    }
  }

  /**
   * Looks at the store in that file.
   *
   * @throws StoreFailed where there is none, or none that this version can read
   */
  static OfFile of(Path file) {
    StoreFile store = StoreFile.existing(file);
    try (Connection connection = Connections.reading(store)) {
      Schema.requireTables(connection, store);
      int version = Schema.version(connection);
      return new OfFile(
          store.path(),
          Files.size(store.path()),
          Files.exists(store.wal()) ? Files.size(store.wal()) : 0,
          Files.getFileStore(store.path()).getUsableSpace(),
          version,
          version < Schema.WITH_KEYS ? Optional.empty() : StoreKey.keyId(connection),
          StoreLock.holder(store));
    } catch (SQLException | IOException unreadable) {
      throw new StoreFailed(
          "Cannot read %s (%s). Check that it is a store and its permissions."
              .formatted(store, unreadable.getMessage()),
          unreadable);
    }
  }
}

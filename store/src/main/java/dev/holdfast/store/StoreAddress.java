package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Client;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a store is, as people name it: a file, or a PostgreSQL database by its JDBC URL. Safe for
 * many threads.
 *
 * <p>To a database it opens a pool of at most 10 connections when they are first needed, and closes
 * it with itself: close what it opened before. As text it holds no password.
 */
public sealed interface StoreAddress extends AutoCloseable permits FileAddress, ServerAddress {
  /** The store in that file. */
  static StoreAddress of(Path file) {
    return new FileAddress(file, Optional.empty());
  }

  /**
   * Understands a file's path, or a URL such as {@code jdbc:postgresql://host:5432/database}.
   *
   * <p>Where the URL names no {@code user} or {@code password}, the environment's {@code PGUSER}
   * and {@code PGPASSWORD} count; without these the driver looks into {@code ~/.pgpass}.
   *
   * <p>Where {@code HOLDFAST_KEYS} names a file, the store is opened with the keys in it ({@link
   * Encryption#ofFile}).
   *
   * @param directory where a relative path begins
   * @param environment the environment variables
   * @throws StoreFailed where it is a URL that cannot be used
   */
  static StoreAddress parse(String text, Path directory, Map<String, String> environment) {
    Optional<Encryption> keys =
        Optional.ofNullable(environment.get("HOLDFAST_KEYS"))
            .map(file -> Encryption.ofFile(directory.resolve(file)));
    return ServerAddress.isUrl(text)
        ? ServerAddress.parse(text, environment, keys)
        : new FileAddress(directory.resolve(text), keys);
  }

  /** Executes the runs of the store, made where there is none; see {@link Holdfast#open}. */
  Holdfast open(Options options);

  /** Uses a store that exists without executing its runs; see {@link Holdfast#client(Path)}. */
  Client client();

  /** Opens a store that exists, to read. */
  JournalReader reader();

  /** Opens a store that exists, to erase, archive or purge runs that have ended. */
  Retention retention();

  /** Whether a process executes the runs of the store at the moment. */
  boolean isExecuted();

  /** What can be told of the store from outside; takes up to 2 seconds. */
  StoreFacts facts();

  /**
   * Reads every run of the store and, of a file, checks every page; takes seconds for a gigabyte,
   * beside whoever executes it.
   *
   * @throws StoreFailed where not even the list of tables can be read
   */
  StoreFacts.Check check();

  /** The file, where it is one. */
  Optional<Path> file();

  /** Gives the connections back. */
  @Override
  void close();
}

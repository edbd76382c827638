package dev.holdfast.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.JournalClient;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.spi.FaultPoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** A store of one test; each opening stands for a process of its own. */
abstract sealed class TestStore implements AutoCloseable {
  /** The stores that user code is the same on. */
  enum Kind {
    SQLITE,
    POSTGRES;

    /** An empty one, in a new folder within that one if it is a file. */
    TestStore fresh(Path folder) throws IOException {
      return made(Files.createTempDirectory(folder, "world-"));
    }

    /** An empty one, in that folder if it is a file. */
    TestStore made(Path folder) {
      return made(folder, Optional.empty());
    }

    /** An empty one whose data is under those keys, if there are any. */
    TestStore made(Path folder, Optional<Encryption> encryption) {
      return made(folder, encryption, LEASE_TTL);
    }

    /** An empty one whose engines have a lease of that length, if they have one at all. */
    TestStore made(Path folder, Optional<Encryption> encryption, Duration leaseTtl) {
      return switch (this) {
        case SQLITE -> new InFile(folder.resolve("runs.db"), encryption);
        case POSTGRES -> OnServer.made(encryption, leaseTtl);
      };
    }
  }

  /** The store in that file, made where there is none. */
  static TestStore inFile(Path file, Optional<Encryption> encryption) {
    return new InFile(file, encryption);
  }

  private final Optional<Encryption> encryption;

  TestStore(Optional<Encryption> encryption) {
    this.encryption = encryption;
  }

  Optional<Encryption> encryption() {
    return encryption;
  }

  /** Those, with this store's keys. */
  Options keyed(Options options) {
    return encryption.map(options::encryption).orElse(options);
  }

  private static final Duration LEASE_TTL = Duration.ofSeconds(15);
  static final Options FAST = Options.standard().durability(Durability.EPHEMERAL);

  /** The same store, asked for with those keys. */
  abstract TestStore with(Optional<Encryption> keys);

  /** Executes the store's runs. */
  abstract Holdfast open(Options options);

  /** What {@link #open} is built upon. */
  abstract Journal journal();

  abstract Client client();

  /** What {@link #client} is built upon. */
  abstract JournalClient journalClient();

  abstract JournalReader reader();

  abstract Retention retention();

  /** What {@link #retention} is built upon. */
  abstract RetentionTables retentionTables();

  Holdfast open() {
    return open(FAST);
  }

  /** An engine that crashes where it is told to. */
  Engine engine(FaultPoints faultPoints) {
    Settings settings = Settings.standard().faultPoints(faultPoints);
    return Engine.over(journal(), JsonCodec.standard(), settings);
  }

  /** What stands for somebody who spoils the store's tables. */
  abstract Connection connection() throws SQLException;

  @Override
  public abstract void close();

  private static final class InFile extends TestStore {
    private final Path file;

    InFile(Path file, Optional<Encryption> encryption) {
      super(encryption);
      this.file = file;
      Holdfast.open(file, keyed(FAST)).close();
    }

    private InFile(Optional<Encryption> encryption, Path file) {
      super(encryption);
      this.file = file;
    }

    @Override
    TestStore with(Optional<Encryption> keys) {
      return new InFile(keys, file);
    }

    @Override
    Holdfast open(Options options) {
      return Holdfast.open(file, keyed(options));
    }

    @Override
    Journal journal() {
      return SqliteJournal.open(
          file, Durability.PROCESS_CRASH, InstantSource.system(), encryption());
    }

    @Override
    Client client() {
      return Holdfast.client(file, encryption());
    }

    @Override
    JournalClient journalClient() {
      return SqliteClient.open(StoreFile.existing(file), InstantSource.system(), encryption());
    }

    @Override
    JournalReader reader() {
      return Holdfast.reader(file, encryption());
    }

    @Override
    Retention retention() {
      return Retention.of(file, encryption());
    }

    @Override
    RetentionTables retentionTables() {
      return RetentionTables.of(StoreFile.existing(file), encryption());
    }

    @Override
    Connection connection() throws SQLException {
      return Connections.writing(StoreFile.existing(file));
    }

    @Override
    public void close() {}
  }

  private static final class OnServer extends TestStore {
    private static final int CONNECTIONS = 8;
    private static final Queue<String> CLEARED = new ConcurrentLinkedQueue<>();
    private static final String CLEAR =
        "DELETE FROM worker; DELETE FROM run; DELETE FROM entry; DELETE FROM payload;"
            + " DELETE FROM mailbox; DELETE FROM fact; DELETE FROM queue; DELETE FROM session;"
            + " DELETE FROM secret; DELETE FROM meta WHERE name = '%s'".formatted(EntryFormat.NAME);
    private final String database;
    private final Duration leaseTtl;
    private final List<HikariDataSource> pools = new CopyOnWriteArrayList<>();

    private OnServer(String database, Optional<Encryption> encryption, Duration leaseTtl) {
      super(encryption);
      this.database = database;
      this.leaseTtl = leaseTtl;
    }

    /** To make a database costs more than most tests: they are used again. */
    static OnServer made(Optional<Encryption> encryption, Duration leaseTtl) {
      String cleared = CLEARED.poll();
      String database = cleared == null ? TestServer.database() : cleared;
      var made = new OnServer(database, encryption, leaseTtl);
      made.journal().close();
      return made;
    }

    @Override
    TestStore with(Optional<Encryption> keys) {
      return new OnServer(database, keys, leaseTtl);
    }

    @Override
    Holdfast open(Options options) {
      return Holdfast.connect(pool(), keyed(options));
    }

    @Override
    Journal journal() {
      return PostgresJournal.open(
          connections(), "test", leaseTtl, Optional.of(InstantSource.system()), encryption());
    }

    @Override
    Client client() {
      // That of Holdfast asks for a server that outlives a loss of power, which this one does not.
      PostgresClient client = PostgresClient.open(connections(), encryption());
      Settings settings = Settings.standard().clock(client.clock());
      return Client.over(client, client.reader().vault().codec(), settings);
    }

    @Override
    JournalClient journalClient() {
      return PostgresClient.open(connections(), encryption());
    }

    @Override
    JournalReader reader() {
      return Holdfast.reader(pool(), encryption());
    }

    @Override
    Retention retention() {
      return Retention.of(connections(), encryption());
    }

    @Override
    RetentionTables retentionTables() {
      return RetentionTables.of(connections(), encryption());
    }

    @Override
    Connection connection() throws SQLException {
      Connection connection = DriverManager.getConnection(TestServer.url(database));
      connection.setSchema("holdfast");
      return connection;
    }

    private PostgresConnections connections() {
      return new PostgresConnections(
          pool(), Durability.EPHEMERAL, TestDatabase.ANSWER_MAX, TestDatabase.OUTAGE_MAX);
    }

    private HikariDataSource pool() {
      HikariDataSource pool = TestServer.pool(database, CONNECTIONS);
      pool.setMinimumIdle(1);
      pools.add(pool);
      return pool;
    }

    @Override
    public void close() {
      pools.forEach(HikariDataSource::close);
      try (Connection connection = connection();
          Statement statement = connection.createStatement()) {
        statement.execute(CLEAR);
      } catch (SQLException e) {
        throw new AssertionError("The database was not cleared.", e);
      }
      CLEARED.add(database);
    }
  }
}

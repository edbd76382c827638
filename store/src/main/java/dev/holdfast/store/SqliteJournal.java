package dev.holdfast.store;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.Reservation;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.json.JsonCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** The journal of the process that executes a store's runs, in one SQLite file. */
final class SqliteJournal extends ReadThrough implements Journal {
  private static final System.Logger LOG = System.getLogger("dev.holdfast.store");

  /** About as many as a reservation writes, whose entry is not known before its turn. */
  private static final long RESERVATION_CHARACTERS = 1_024;

  private final StoreFile file;
  private final StoreLock lock;
  private final GroupCommit writer;
  private final SqliteReader reader;
  private final InstantSource clock;
  private final long opened;
  private final JsonCodec codec = JsonCodec.standard();

  private SqliteJournal(
      StoreFile file,
      StoreLock lock,
      GroupCommit writer,
      long opened,
      InstantSource clock,
      Vault vault) {
    this.file = file;
    this.lock = lock;
    this.writer = writer;
    this.clock = clock;
    this.opened = opened;
    this.reader = new SqliteReader(file, vault);
  }

  /**
   * Opens the store at that path for execution, and makes it where there is none.
   *
   * @throws StoreFailed where another process executes it, or the file cannot be used
   */
  static SqliteJournal open(
      Path path, Durability durability, InstantSource clock, Optional<Encryption> encryption) {
    return open(path, durability, clock, encryption, UnaryOperator.identity());
  }

  /** The same; the writer works on what becomes of its connection. */
  static SqliteJournal open(
      Path path,
      Durability durability,
      InstantSource clock,
      Optional<Encryption> encryption,
      UnaryOperator<Connection> seam) {
    StoreFile file = StoreFile.of(path);
    StoreLock lock = StoreLock.acquire(file);
    boolean isOpen = false;
    try {
      file.create();
      SqliteJournal journal = open(file, lock, durability, clock, encryption, seam);
      isOpen = true;
      return journal;
    } catch (SQLException e) {
      throw SqliteErrors.notOpened(file, e);
    } catch (IOException e) {
      throw new StoreFailed("Cannot write the lock file %s.".formatted(file.lock()), e);
    } finally {
      if (!isOpen) {
        lock.close();
      }
    }
  }

  private static SqliteJournal open(
      StoreFile file,
      StoreLock lock,
      Durability durability,
      InstantSource clock,
      Optional<Encryption> encryption,
      UnaryOperator<Connection> seam)
      throws SQLException, IOException {
    long opened;
    Vault vault;
    try (Connection connection = Connections.executing(file, durability)) {
      Schema.prepare(connection, file);
      EntryFormat.require(connection, file.toString());
      vault = StoreKey.prepare(connection, file.toString(), encryption);
      EntryFormat.keep(connection);
      opened = Schema.countOpening(connection);
      lock.describe(opened);
    }
    var claims = new Claims();
    var writer =
        new GroupCommit(
            file,
            () ->
                WriteSession.over(
                    seam.apply(Connections.executing(file, durability)),
                    file,
                    opened,
                    vault,
                    claims));
    writer.start();
    return new SqliteJournal(file, lock, writer, opened, clock, vault);
  }

  @Override
  public CompletableFuture<Start> start(NewRun run) {
    List<EncodedEntry> beginning = EncodedEntry.beginning(codec, reader.vault(), run);
    return writer.offer(
        EncodedEntry.length(beginning),
        tables -> tables.common().accept(run, beginning, 0).start());
  }

  @Override
  public CompletableFuture<Start> startClaimed(NewRun run) {
    try {
      run.requireAtOnce();
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(e);
    }
    List<EncodedEntry> beginning = EncodedEntry.beginning(codec, reader.vault(), run);
    return writer.offer(
        EncodedEntry.length(beginning), tables -> tables.startClaimed(run, beginning));
  }

  @Override
  public CompletableFuture<List<Claim>> claim(
      Set<WorkflowKey> workflows, Instant now, int countMax) {
    var wanted = Set.copyOf(workflows);
    try {
      writer.requireOpen();
      // Most looks find nothing: they shall not cost a transaction.
      if (wanted.isEmpty()
          || (!writer.tables().mayHaveOrphans() && reader.firstReady(opened).isAfter(now))) {
        return CompletableFuture.completedFuture(List.of());
      }
    } catch (StoreFailed e) {
      return CompletableFuture.failedFuture(e);
    }
    return writer.offer(0, tables -> tables.claim(wanted, now, countMax));
  }

  @Override
  public CompletableFuture<Void> append(Append append) {
    Seal seal;
    try {
      seal = reader().seal(append.run());
    } catch (StoreFailed e) {
      return CompletableFuture.failedFuture(e);
    }
    List<EncodedEntry> entries =
        EncodedEntry.of(codec, seal, append.firstSequence(), append.entries());
    long length = entries.stream().mapToLong(EncodedEntry::length).sum();
    return writer.submit(length, Request.workOf(tables -> tables.append(append, entries)));
  }

  @Override
  public CompletableFuture<Entry> reserve(Reservation reservation) {
    Seal seal;
    try {
      seal = reader().seal(reservation.run());
    } catch (StoreFailed e) {
      return CompletableFuture.failedFuture(e);
    }
    return writer.submit(RESERVATION_CHARACTERS, tables -> tables.reserve(reservation, seal));
  }

  @Override
  public CompletableFuture<Optional<Claim>> claim(RunId run, Instant now) {
    return writer.offer(0, tables -> tables.claim(run, now));
  }

  @Override
  public CompletableFuture<Void> settle(Fact settled) {
    return writer.offer(
        0, Request.workOf(tables -> tables.common().settle(settled, clock.instant())));
  }

  @Override
  public CompletableFuture<Void> register(Queue queue) {
    return writer.offer(0, Request.workOf(tables -> tables.common().queues().register(queue)));
  }

  @Override
  public List<RunId> executingWithMail() {
    SqliteReader open = reader();
    Map<Long, RunId> executing = writer.tables().executing();
    if (executing.isEmpty()) {
      return List.of();
    }
    // A run that was released between the two looks is executed no more.
    return open.withMail(Set.copyOf(executing.keySet())).stream()
        .map(executing::get)
        .filter(Objects::nonNull)
        .toList();
  }

  @Override
  public CompletableFuture<Void> send(RunId run, Message message) {
    return writer.offer(
        0, Request.workOf(tables -> tables.common().send(run, message, clock.instant())));
  }

  @Override
  public Instant nextReady() {
    SqliteReader open = reader();
    return writer.tables().mayHaveOrphans() ? Instant.EPOCH : open.firstReady(opened);
  }

  @Override
  public String location() {
    return file.toString();
  }

  /** How this store keeps its data. */
  Vault vault() {
    return reader.vault();
  }

  @Override
  public Optional<String> trouble() {
    return writer.trouble();
  }

  /** How many transactions were committed. */
  long commits() {
    return writer.commits();
  }

  @Override
  public void abandon() {
    writer.abandon();
    release();
  }

  @Override
  public void close() {
    CompletableFuture<Void> left =
        writer.tables().executing().isEmpty()
            ? CompletableFuture.completedFuture(null)
            : writer.offer(0, Request.workOf(ExecutorTables::leave));
    writer.close();
    if (left.isCompletedExceptionally()) {
      LOG.log(System.Logger.Level.DEBUG, "The runs that {0} leaves count a death.", file);
    }
    release();
  }

  @Override
  SqliteReader reader() {
    writer.requireOpen();
    return reader;
  }

  private void release() {
    try {
      reader.close();
      writer.release();
    } catch (SQLException e) {
      throw SqliteErrors.failed(file, e);
    } finally {
      lock.close();
    }
  }
}

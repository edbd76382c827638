package dev.holdfast.store;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/**
 * Durable runs in a file or a database: a process that has it open executes them; safe for many
 * threads.
 *
 * <p>One process executes a file at a time; any number executes a database. Others use {@link
 * #client} to start runs, to answer them and to wait for them, and {@link #reader} to look. A store
 * that cannot be opened is refused with a {@link dev.holdfast.journal.StoreFailed} that says why
 * and what helps.
 */
public final class Holdfast implements AutoCloseable {
  private static final Duration ATTACHED_AT_MOST = Duration.ofMinutes(5);
  private final Engine engine;
  private final LongSupplier commits;

  private Holdfast(Engine engine, LongSupplier commits) {
    this.engine = engine;
    this.commits = commits;
  }

  /** Opens the store in that file, made where there is none, with {@link Options#standard}. */
  public static Holdfast open(Path file) {
    return open(file, Options.standard());
  }

  /** Opens the store in that file, made where there is none, and begins to execute its runs. */
  public static Holdfast open(Path file, Options options) {
    Settings settings = options.settings();
    var journal =
        SqliteJournal.open(file, options.durability(), settings.clock()::now, options.encryption());
    return new Holdfast(Engine.over(journal, journal.vault().codec(), settings), journal::commits);
  }

  /** Joins the workers of the store behind that data source, with {@link Options#standard}. */
  public static Holdfast connect(DataSource source) {
    return connect(source, Options.standard());
  }

  /**
   * Joins the workers of the store in a PostgreSQL database, version 14 or newer, and begins to
   * execute its runs; its tables, in the schema {@code holdfast}, are made where there are none.
   *
   * <p>Any number of processes may do so. Where one of them dies, the others take its runs over
   * once its lease ran out ({@link dev.holdfast.kernel.Limits#leaseTtl}, 15 seconds by default);
   * one that is closed hands its runs over at once. The time that counts is the database's, unless
   * the settings have another clock than the machine's.
   *
   * @param source a pool of at least 8 connections to one database; it is not closed with this
   */
  public static Holdfast connect(DataSource source, Options options) {
    Settings settings = options.settings();
    boolean hasOwnClock = !settings.clock().equals(Clock.system());
    PostgresJournal journal =
        PostgresJournal.open(
            PostgresConnections.over(source, options.durability()),
            settings.worker(),
            settings.limits().leaseTtl(),
            hasOwnClock ? Optional.of(settings.clock()::now) : Optional.empty(),
            options.encryption());
    Settings timed = hasOwnClock ? settings : settings.clock(journal.clock());
    return new Holdfast(Engine.over(journal, journal.vault().codec(), timed), journal::commits);
  }

  /** Uses a store in PostgreSQL without executing its runs; see {@link #client(Path)}. */
  public static Client client(DataSource source) {
    return client(source, Optional.empty());
  }

  /** Uses an encrypted store in PostgreSQL; see {@link #client(Path)}. */
  public static Client client(DataSource source, Encryption encryption) {
    return client(source, Optional.of(encryption));
  }

  static Client client(DataSource source, Optional<Encryption> encryption) {
    var connections = PostgresConnections.over(source, Durability.POWER_LOSS);
    PostgresClient journal = PostgresClient.open(connections, encryption);
    Settings settings = Settings.standard().clock(journal.clock());
    return Client.over(journal, journal.reader().vault().codec(), settings);
  }

  /** Opens a store in PostgreSQL that exists, to read. */
  public static JournalReader reader(DataSource source) {
    return reader(source, Optional.empty());
  }

  /** Opens an encrypted store in PostgreSQL that exists, to read. */
  public static JournalReader reader(DataSource source, Encryption encryption) {
    return reader(source, Optional.of(encryption));
  }

  static JournalReader reader(DataSource source, Optional<Encryption> encryption) {
    return PostgresReader.open(PostgresConnections.over(source, Durability.EPHEMERAL), encryption);
  }

  /**
   * Opens a store that exists, beside the process that executes it or without one: what is started
   * or sent is recorded, and applied once an application has the store open.
   */
  public static Client client(Path file) {
    return client(file, Optional.empty());
  }

  /** Opens an encrypted store that exists; see {@link #client(Path)}. */
  public static Client client(Path file, Encryption encryption) {
    return client(file, Optional.of(encryption));
  }

  static Client client(Path file, Optional<Encryption> encryption) {
    Settings settings = Settings.standard();
    var journal = SqliteClient.open(StoreFile.existing(file), settings.clock()::now, encryption);
    return Client.over(journal, journal.reader().vault().codec(), settings);
  }

  /** Opens a store that exists, to read. */
  public static JournalReader reader(Path file) {
    return reader(file, Optional.empty());
  }

  /** Opens an encrypted store that exists, to read. */
  public static JournalReader reader(Path file, Encryption encryption) {
    return reader(file, Optional.of(encryption));
  }

  static JournalReader reader(Path file, Optional<Encryption> encryption) {
    return SqliteReader.open(StoreFile.existing(file), encryption);
  }

  /** Opens a store that exists, to erase, archive or purge runs that have ended. */
  public static Retention retention(Path file) {
    return Retention.of(file, Optional.empty());
  }

  /** Opens an encrypted store that exists, to erase, archive or purge runs that have ended. */
  public static Retention retention(Path file, Encryption encryption) {
    return Retention.of(file, Optional.of(encryption));
  }

  /** Opens a store in PostgreSQL that exists, to erase, archive or purge runs that have ended. */
  public static Retention retention(DataSource source) {
    return Retention.of(PostgresConnections.over(source, Durability.POWER_LOSS), Optional.empty());
  }

  /** Opens an encrypted store in PostgreSQL; see {@link #retention(DataSource)}. */
  public static Retention retention(DataSource source, Encryption encryption) {
    return Retention.of(
        PostgresConnections.over(source, Durability.POWER_LOSS), Optional.of(encryption));
  }

  /** Makes this process able to execute runs of these workflows, and begins to. */
  public void register(Workflow<?, ?>... workflows) {
    engine.register(workflows);
  }

  /** Makes these queues known, or changes their bounds; see {@link Engine#register(Queue...)}. */
  public void register(Queue... queues) {
    engine.register(queues);
  }

  /**
   * Makes calls of an object through its interface durable runs, and begins to execute them.
   *
   * @param name what the runs refer to it by; the same in every process that shall recover them
   * @param type an interface whose methods take and return values
   * @param service what answers the calls; inside of a call {@link dev.holdfast.kernel.Run#current}
   *     is its run
   */
  public <T> Service<T> register(String name, Class<T> type, T service) {
    return register(name, type, service, Set.of());
  }

  /**
   * Makes calls of an object durable runs; see {@link #register(String, Class, Object)}.
   *
   * @param failsOn exception types by which a call ends as failed; any other quarantines its run
   */
  public <T> Service<T> register(
      String name, Class<T> type, T service, Set<Class<? extends Exception>> failsOn) {
    return Service.register(engine, name, type, service, failsOn);
  }

  /** Starts a run, or attaches to the one that has the id; see {@link Engine#start}. */
  public <I, O> Handle<O> start(Workflow<I, O> workflow, String id, I input) {
    return engine.start(workflow, id, input);
  }

  /** Starts a run that is let in like that; see {@link Engine#start}. */
  public <I, O> Handle<O> start(Workflow<I, O> workflow, String id, I input, Admission admission) {
    return engine.start(workflow, id, input, admission);
  }

  /** Attaches to a run without an input; see {@link Client#find}. */
  public <O> Handle<O> find(String id, Class<O> resultType) {
    return engine.find(id, resultType);
  }

  /** Says whether an effect in doubt happened; see {@link Client#settle}. */
  public void settle(String id, StepPath path, Verdict verdict, String who, String why) {
    engine.client().settle(id, path, verdict, who, why);
  }

  /** Tells a quarantined or truncated run to go on; see {@link Client#resume}. */
  public void resume(String id, String who, String why) {
    engine.client().resume(id, who, why);
  }

  /** Sends a signal to a run that waits for it, or will; see {@link Client#signal}. */
  public void signal(String id, String name, String messageId, Object value, String who) {
    engine.client().signal(id, name, messageId, value, who);
  }

  /** What people are asked to approve in that run now; see {@link Client#questions}. */
  public List<Entry.ApprovalAsked> questions(String id) {
    return engine.client().questions(id);
  }

  /** Answers a question for approval; see {@link Client#approve}. */
  public void approve(
      String id, Entry.ApprovalAsked question, boolean granted, String who, String why) {
    engine.client().approve(id, question, granted, who, why);
  }

  /** Ends a run at its next step; see {@link Client#cancel}. */
  public void cancel(String id, String who, String why) {
    engine.client().cancel(id, who, why);
  }

  /** Ends a run and undoes what it did; see {@link Client#rollBack}. */
  public void rollBack(String id, String who, String why) {
    engine.client().rollBack(id, who, why);
  }

  /** The effects that a fork must say something of; see {@link Client#sentAfter}. */
  public List<Client.Fork.Sent> sentAfter(String source, StepPath at) {
    return engine.client().sentAfter(source, at);
  }

  /** Starts a run that begins as another one; see {@link Client#fork}. */
  public String fork(String source, String id, Client.Fork fork) {
    return engine.client().fork(source, id, fork);
  }

  /**
   * Calls code whose steps are journaled, on the caller's thread, waiting at most 5 minutes for
   * what it waits for; see {@link Engine#attached}.
   */
  public <O> O attached(String id, Class<O> type, Callable<O> body) {
    return attached(id, type, ATTACHED_AT_MOST, body);
  }

  /** Calls code whose steps are journaled, on the caller's thread; see {@link Engine#attached}. */
  public <O> O attached(String id, Class<O> type, Duration atMost, Callable<O> body) {
    return engine.attached(id, type, atMost, body);
  }

  /**
   * How many transactions this opening committed so far: what they wrote, divided by it, is the
   * mean size of a group commit.
   */
  public long commits() {
    return commits.getAsLong();
  }

  /** What executes the runs, for test tools. */
  public Engine engine() {
    return engine;
  }

  /** Ends in good order; what was not finished goes on when the store is opened again. */
  @Override
  public void close() {
    engine.close();
  }

  /** Ends in good order, steps under way within that time; see {@link Engine#close(Duration)}. */
  public boolean close(Duration stepsAtMost) {
    return engine.close(stepsAtMost);
  }
}

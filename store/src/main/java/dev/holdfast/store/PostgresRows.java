package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.NewRun;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Rows that one statement writes, however many runs they belong to. */
final class PostgresRows {
  private static final int PARAMETERS = 34;
  private static final String WRITE =
      "SELECT w.*, "
          + PostgresConnections.BY_INDEX
          + " FROM holdfast.write_1("
          + "?, ".repeat(PARAMETERS - 1)
          + "?) AS w";

  private record Begun(NewRun run, String subject, EncodedEntry first, long owner) {
    String id() {
      return run.id().text();
    }
  }

  private record Written(long run, long sequence, long epoch, long at, String body) {}

  private record Consumed(long number, long run) {}

  private record Kept(long run, EncodedEntry.Text text) {}

  /**
   * Where a run stands that nobody executes from now on.
   *
   * @param awaits the key of the fact that it awaits, if it does
   */
  record Released(
      long run, Status status, Optional<Long> readyAt, Optional<String> awaits, long at) {}

  /**
   * What was written.
   *
   * @param nowMicros the database's time
   * @param started the numbers of the runs that did not exist before
   */
  record Answer(long nowMicros, Map<RunId, Long> started) {}

  private final List<Begun> starts = new ArrayList<>();
  private final Set<RunId> startIds = new HashSet<>();
  private final Set<RunId> startedHere = new HashSet<>();
  private final Set<RunId> asked = new HashSet<>();
  private final List<Written> entries = new ArrayList<>();
  private final List<Kept> texts = new ArrayList<>();
  private final List<Released> releases = new ArrayList<>();
  private final List<Consumed> consumed = new ArrayList<>();
  private final List<Long> forgiven = new ArrayList<>();

  /** Of a run only what was said last. */
  private final Map<Long, String> gaps = new HashMap<>();

  /** Whether a run of that id is among those to be started. */
  boolean starts(RunId run) {
    return startIds.contains(run);
  }

  /**
   * A run that is new: ready for anyone, or executed by that owner at once.
   *
   * @param subject as it is kept
   */
  void start(NewRun run, Optional<String> subject, EncodedEntry first, long owner) {
    starts.add(new Begun(run, subject.orElse(""), first, owner));
    startIds.add(run.id());
    asked.add(run.id());
    if (owner != 0) {
      startedHere.add(run.id());
    }
  }

  /** Whether that run is executed by this worker at once if it is new. */
  boolean isStartedHere(RunId run) {
    return startedHere.contains(run);
  }

  /** All runs to be started, also those that were written. */
  Set<RunId> asked() {
    return Set.copyOf(asked);
  }

  void entry(long run, long sequence, long epoch, long at, EncodedEntry entry) {
    entries.add(new Written(run, sequence, epoch, at, entry.body()));
    entry.texts().forEach(text -> texts.add(new Kept(run, text)));
  }

  void release(Released released) {
    releases.add(released);
  }

  void consume(long run, List<Long> numbers) {
    numbers.forEach(number -> consumed.add(new Consumed(number, run)));
  }

  /** A run got further: who died of it counts no more. */
  void forgive(long run) {
    forgiven.add(run);
  }

  /** What a replay of that run need not read from now on. */
  void cover(long run, List<Claim.Gap> covered) {
    gaps.put(run, Claim.Gap.text(covered));
  }

  /**
   * Writes all of it, as the worker's batch of that number.
   *
   * @return nothing where the worker was taken over, or the batch before is another one
   */
  Optional<Answer> write(Connection connection, Membership.Batch batch) throws SQLException {
    try (PreparedStatement write = connection.prepareStatement(WRITE)) {
      var next = new Parameters(connection, write);
      next.number(batch.worker());
      next.number(batch.number());
      next.number(batch.before());
      next.number(batch.leaseMillis());
      bindStarts(next);
      bindEntries(next);
      bindReleases(next);
      next.numbers(consumed, Consumed::number);
      next.numbers(consumed, Consumed::run);
      next.numbers(forgiven, Long::longValue);
      List<Map.Entry<Long, String>> covered = List.copyOf(gaps.entrySet());
      next.numbers(covered, Map.Entry::getKey);
      next.texts(covered, Map.Entry::getValue);
      return answer(write);
    }
  }

  /** Forgets what was written. */
  void clear() {
    starts.clear();
    startIds.clear();
    entries.clear();
    texts.clear();
    releases.clear();
    consumed.clear();
    forgiven.clear();
    gaps.clear();
  }

  private void bindStarts(Parameters next) throws SQLException {
    next.texts(starts, Begun::id);
    next.texts(starts, begun -> begun.run().workflow().name());
    next.texts(starts, begun -> begun.run().workflow().version());
    next.numbers(starts, Begun::owner);
    next.numbers(starts, begun -> Micros.of(begun.run().at()));
    next.texts(starts, begun -> begun.run().inputDigest());
    next.texts(starts, Begun::subject);
    next.texts(starts, begun -> begun.run().heirOf().map(RunId::text).orElse(""));
    next.texts(starts, begun -> begun.first().body());
    var ids = new ArrayList<String>();
    var outside = new ArrayList<EncodedEntry.Text>();
    for (Begun begun : starts) {
      for (EncodedEntry.Text text : begun.first().texts()) {
        ids.add(begun.id());
        outside.add(text);
      }
    }
    next.texts(ids, id -> id);
    next.texts(outside, EncodedEntry.Text::digest);
    next.texts(outside, EncodedEntry.Text::text);
  }

  private void bindEntries(Parameters next) throws SQLException {
    next.numbers(entries, Written::run);
    next.numbers(entries, Written::sequence);
    next.numbers(entries, Written::epoch);
    next.numbers(entries, Written::at);
    next.texts(entries, Written::body);
    next.numbers(texts, Kept::run);
    next.texts(texts, kept -> kept.text().digest());
    next.texts(texts, kept -> kept.text().text());
  }

  private void bindReleases(Parameters next) throws SQLException {
    next.numbers(releases, Released::run);
    next.texts(releases, released -> released.status().name());
    next.numbers(releases, released -> released.readyAt().orElse(-1L));
    next.texts(releases, released -> released.awaits().orElse(""));
    next.numbers(releases, Released::at);
  }

  private static Optional<Answer> answer(PreparedStatement write) throws SQLException {
    var started = new HashMap<RunId, Long>();
    long now = 0;
    try (ResultSet row = write.executeQuery()) {
      while (row.next()) {
        String id = row.getString(2);
        if (id == null) {
          now = row.getLong(1);
        } else {
          started.put(new RunId(id), row.getLong(3));
        }
      }
    }
    return now == 0 ? Optional.empty() : Optional.of(new Answer(now, started));
  }

  /** The statement's parameters, one after the other. */
  private static final class Parameters {
    private final Connection connection;
    private final PreparedStatement statement;
    private int next = 1;

    Parameters(Connection connection, PreparedStatement statement) {
      this.connection = connection;
      this.statement = statement;
    }

    void number(long value) throws SQLException {
      statement.setLong(next++, value);
    }

    <T> void numbers(List<T> rows, ToLongFunction<T> column) throws SQLException {
      long[] values = rows.stream().mapToLong(column).toArray();
      array(connection.createArrayOf("int8", boxed(values)));
    }

    <T> void texts(List<T> rows, java.util.function.Function<T, String> column)
        throws SQLException {
      array(connection.createArrayOf("text", rows.stream().map(column).toArray(String[]::new)));
    }

    private static Object[] boxed(long[] values) {
      return java.util.Arrays.stream(values).boxed().toArray(Long[]::new);
    }

    private void array(Array array) throws SQLException {
      statement.setArray(next++, array);
    }
  }
}

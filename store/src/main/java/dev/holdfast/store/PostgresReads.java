package dev.holdfast.store;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.json.JsonCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is read from a store on PostgreSQL, on one connection; for one thread at a time. */
final class PostgresReads implements StoreQueries {
  private static final String OF_RUN =
      " WHERE run = (SELECT number FROM holdfast.run WHERE id = ?)";
  private static final String ENTRY_COLUMNS =
      "SELECT e.sequence, e.epoch, e.at, e.body, e.run, r.gone FROM holdfast.run AS r"
          + " JOIN holdfast.entry AS e ON e.run = r.number WHERE r.id = ?";

  static final String FIND =
      "SELECT "
          + RunTables.STATE_COLUMNS
          + " FROM holdfast.run WHERE id = ? AND "
          + RunTables.THERE;
  static final String ENTRIES = ENTRY_COLUMNS + " AND e.sequence >= ? ORDER BY e.sequence LIMIT ?";
  static final String LAST = ENTRY_COLUMNS + " ORDER BY e.sequence DESC LIMIT 1";
  static final String TEXTS =
      "SELECT digest, text FROM holdfast.payload WHERE run = ? AND digest = ANY (?)";
  private static final String NUMBER = "SELECT number FROM holdfast.run WHERE id = ?";
  static final String MAIL =
      "SELECT number, at, body FROM holdfast.mailbox" + OF_RUN + " ORDER BY number";
  static final String FIRST_READY =
      "SELECT ready_at FROM holdfast.run WHERE ready_at IS NOT NULL AND queue IS NULL"
          + " ORDER BY ready_at LIMIT 1";
  private static final String OF_WORKFLOWS =
      " AND (workflow, version) IN (SELECT * FROM unnest(?, ?))";
  static final String FIRST_READY_OF =
      "SELECT ready_at FROM holdfast.run WHERE ready_at IS NOT NULL AND queue IS NULL"
          + OF_WORKFLOWS
          + " ORDER BY ready_at LIMIT 1";
  static final String FIRST_QUEUED = PostgresQueues.FIRST_READY.formatted("");
  static final String FIRST_QUEUED_OF = PostgresQueues.FIRST_READY.formatted(OF_WORKFLOWS);
  static final String WITH_MAIL = "SELECT DISTINCT run FROM holdfast.mailbox WHERE run = ANY (?)";
  static final String FACTS_OPEN =
      "SELECT body FROM holdfast.fact WHERE state = ? AND state <> 'HAPPENED'"
          + " ORDER BY name COLLATE \"C\" LIMIT ?";
  static final String FACTS_HAPPENED =
      "SELECT body FROM holdfast.fact WHERE state = ? ORDER BY name COLLATE \"C\" LIMIT ?";

  private final Connection connection;
  private final Vault vault;
  private final JsonCodec codec = JsonCodec.standard();

  PostgresReads(Connection connection, Vault vault) {
    this.vault = vault;
    this.connection = connection;
  }

  @FunctionalInterface
  private interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> select(String sql, Row<T> mapper, Object... parameters) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        select.setObject(i + 1, parameters[i]);
      }
      var found = new ArrayList<T>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(mapper.read(row));
        }
      }
      return List.copyOf(found);
    }
  }

  @Override
  public Optional<RunState> find(RunId run) throws SQLException {
    return select(FIND, RunTables::state, run.text()).stream().findFirst();
  }

  @Override
  public List<Recorded> entries(RunId run, long fromSequence, int countMax) throws SQLException {
    return recorded(run, select(ENTRIES, Body::of, run.text(), fromSequence, countMax));
  }

  @Override
  public Optional<Recorded> last(RunId run) throws SQLException {
    return recorded(run, select(LAST, Body::of, run.text())).stream().findFirst();
  }

  @Override
  public List<RunState> runs(Set<Status> statuses, int offset, int countMax) throws SQLException {
    boolean isFiltered = !statuses.isEmpty();
    String sql = runsSql(isFiltered, isFiltered && statuses.stream().noneMatch(Status::isEnded));
    return isFiltered
        ? select(sql, RunTables::state, array("text", names(statuses)), countMax, offset)
        : select(sql, RunTables::state, countMax, offset);
  }

  private static Object[] names(Set<Status> statuses) {
    return statuses.stream().map(Status::name).toArray();
  }

  static String runsSql(boolean isFiltered, boolean isOfUnfinished) {
    // Spelled out, the first condition lets the short index of what has not ended be walked.
    return "SELECT "
        + RunTables.STATE_COLUMNS
        + " FROM holdfast.run WHERE "
        + (isOfUnfinished ? RunTables.NOT_ENDED : RunTables.THERE)
        + (isFiltered ? " AND status = ANY (?)" : "")
        + " ORDER BY changed_at DESC, number DESC LIMIT ? OFFSET ?";
  }

  @Override
  public List<Message.Mail> mail(RunId run) throws SQLException {
    return select(
        MAIL,
        row ->
            new Message.Mail(
                row.getLong(1),
                Micros.instant(row.getLong(2)),
                vault.readMessage(run, row.getString(3))),
        run.text());
  }

  @Override
  public Optional<Fact> fact(String name) throws SQLException {
    return select(PostgresLedger.FIND, this::fact, PostgresLedger.key(vault, name)).stream()
        .findFirst()
        .flatMap(found -> Ledger.named(found, name));
  }

  @Override
  public List<Fact> facts(Fact.State state, int countMax) throws SQLException {
    String sql = state == Fact.State.HAPPENED ? FACTS_HAPPENED : FACTS_OPEN;
    return select(sql, this::fact, state.name(), countMax);
  }

  private Fact fact(ResultSet row) throws SQLException {
    return vault.readFact(row.getString(1));
  }

  /** Which of those runs, given by their numbers, have mail. */
  List<Long> withMail(Set<Long> runs) throws SQLException {
    return select(WITH_MAIL, row -> row.getLong(1), array("int8", runs.toArray()));
  }

  /** From when on the first run may be claimed, or {@link Instant#MAX}. */
  Instant firstReady(long worker) throws SQLException {
    return earlier(
        first(select(FIRST_READY, PostgresReads::readyAt)),
        first(select(FIRST_QUEUED, PostgresReads::readyAt, worker)));
  }

  /** From when on the first run of those workflows may be claimed, or {@link Instant#MAX}. */
  Instant firstReady(Set<WorkflowKey> workflows, long worker) throws SQLException {
    List<WorkflowKey> keys = List.copyOf(workflows);
    java.sql.Array names = array("text", keys.stream().map(WorkflowKey::name).toArray());
    java.sql.Array versions = array("text", keys.stream().map(WorkflowKey::version).toArray());
    return earlier(
        first(select(FIRST_READY_OF, PostgresReads::readyAt, names, versions)),
        first(select(FIRST_QUEUED_OF, PostgresReads::readyAt, names, versions, worker)));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  @Override
  public Optional<Queue.Load> load(String queue) throws SQLException {
    return select(PostgresQueues.LOAD, row -> Queues.load(row, row.getInt(6)), queue).stream()
        .findFirst();
  }

  @Override
  public Optional<Payload> sessionState(String session) throws SQLException {
    return select(
            PostgresSessions.STATE,
            row ->
                Optional.ofNullable(row.getString(1))
                    .map(kept -> Sessions.state(vault, session, kept)),
            session)
        .stream()
        .findFirst()
        .flatMap(state -> state);
  }

  @Override
  public int behind(RunId run) throws SQLException {
    return select(PostgresSessions.BEHIND, row -> row.getInt(1), run.text()).get(0);
  }

  private static Instant readyAt(ResultSet row) throws SQLException {
    return Micros.instant(row.getLong(1));
  }

  private static Instant first(List<Instant> times) {
    return times.stream().findFirst().orElse(Instant.MAX);
  }

  private java.sql.Array array(String type, Object[] values) throws SQLException {
    return connection.createArrayOf(type, values);
  }

  private record Body(
      long sequence, long epoch, Instant at, String text, long run, boolean isGone) {
    static Body of(ResultSet row) throws SQLException {
      return new Body(
          row.getLong(1),
          row.getLong(2),
          Micros.instant(row.getLong(3)),
          row.getString(4),
          row.getLong(5),
          row.getString(6) != null);
    }
  }

  /** The long payloads of all of them come with one more question. */
  private List<Recorded> recorded(RunId id, List<Body> bodies) throws SQLException {
    if (bodies.isEmpty()) {
      return List.of();
    }
    long run = bodies.get(0).run();
    if (bodies.get(0).isGone()) {
      return bodies.stream().map(this::erased).toList();
    }
    Seal seal = seal(id, run);
    var digests = new HashSet<String>();
    bodies.forEach(body -> digests.addAll(EncodedEntry.references(body.text())));
    Map<String, String> texts = digests.isEmpty() ? Map.of() : texts(run, digests);
    return bodies.stream().map(body -> recorded(seal, body, texts)).toList();
  }

  private Recorded erased(Body body) {
    return new Recorded(
        body.sequence(), body.epoch(), body.at(), EncodedEntry.erased(codec.read(body.text())));
  }

  private Recorded recorded(Seal seal, Body body, Map<String, String> texts) {
    Entry entry =
        EncodedEntry.decode(
            codec, seal, body.sequence(), body.text(), digest -> text(body, texts, digest));
    return new Recorded(body.sequence(), body.epoch(), body.at(), entry);
  }

  @Override
  public Seal seal(RunId run) throws SQLException {
    List<Long> number = select(NUMBER, row -> row.getLong(1), run.text());
    // Who writes to a run that is none is told so by what it writes.
    return number.isEmpty() ? vault.fresh(run) : seal(run, number.get(0));
  }

  private Seal seal(RunId id, long run) throws SQLException {
    Optional<Seal> known = vault.known(id);
    if (known.isPresent()) {
      return known.get();
    }
    String row = texts(run, Set.of(Vault.KEY_ROW)).get(Vault.KEY_ROW);
    if (row == null) {
      throw new StoreFailed(
          "The store lacks the key of run %s: nobody can read it. Restore a backup.".formatted(id));
    }
    return vault.of(id, row);
  }

  private static String text(Body body, Map<String, String> texts, String digest) {
    String text = texts.get(digest);
    if (text == null) {
      throw new StoreFailed(
          "The store lacks a payload that entry %d refers to (%s). Restore a backup."
              .formatted(body.sequence(), digest));
    }
    return text;
  }

  private Map<String, String> texts(long run, Set<String> digests) throws SQLException {
    var texts = new HashMap<String, String>();
    List<EncodedEntry.Text> found =
        select(
            TEXTS,
            row -> new EncodedEntry.Text(row.getString(1), row.getString(2)),
            run,
            array("text", digests.toArray()));
    found.forEach(text -> texts.put(text.digest(), text.text()));
    return texts;
  }
}

package dev.holdfast.store;

import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.Queue;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A reader that puts each question to the tables on a connection it finds for it.
 *
 * @param <Q> the questions that the store's tables answer
 */
abstract class QueryReader<Q extends StoreQueries> implements JournalReader {
  /** A question. */
  @FunctionalInterface
  interface Query<Q, T> {
    T ask(Q queries) throws SQLException;
  }

  private final Vault vault;

  QueryReader(Vault vault) {
    this.vault = vault;
  }

  Vault vault() {
    return vault;
  }

  /** How what that run records is kept. */
  Seal seal(RunId run) {
    return vault.known(run).orElseGet(() -> read(queries -> queries.seal(run)));
  }

  /** Asks on a connection, and says in the store's words why there is no answer. */
  abstract <T> T read(Query<Q, T> query);

  @Override
  public Optional<RunState> find(RunId run) {
    return read(queries -> queries.find(run));
  }

  @Override
  public List<Recorded> entries(RunId run, long fromSequence, int countMax) {
    return read(queries -> queries.entries(run, fromSequence, countMax));
  }

  @Override
  public Optional<Recorded> last(RunId run) {
    return read(queries -> queries.last(run));
  }

  @Override
  public List<RunState> runs(Set<Status> statuses, int offset, int countMax) {
    return read(queries -> queries.runs(statuses, offset, countMax));
  }

  @Override
  public List<Message.Mail> mail(RunId run) {
    return read(queries -> queries.mail(run));
  }

  @Override
  public Optional<Fact> fact(String name) {
    return read(queries -> queries.fact(name));
  }

  @Override
  public List<Fact> facts(Fact.State state, int countMax) {
    return read(queries -> queries.facts(state, countMax));
  }

  @Override
  public Optional<Queue.Load> load(String queue) {
    return read(queries -> queries.load(queue));
  }

  @Override
  public Optional<Payload> sessionState(String session) {
    return read(queries -> queries.sessionState(session));
  }

  @Override
  public int behind(RunId run) {
    return read(queries -> queries.behind(run));
  }
}

package dev.holdfast.store;

import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.Queue;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked of a store's tables, on one connection; see {@link
 * dev.holdfast.journal.spi.JournalReader} for the answers.
 */
interface StoreQueries {
  Optional<RunState> find(RunId run) throws SQLException;

  List<Recorded> entries(RunId run, long fromSequence, int countMax) throws SQLException;

  Optional<Recorded> last(RunId run) throws SQLException;

  List<RunState> runs(Set<Status> statuses, int offset, int countMax) throws SQLException;

  List<Message.Mail> mail(RunId run) throws SQLException;

  Optional<Fact> fact(String name) throws SQLException;

  List<Fact> facts(Fact.State state, int countMax) throws SQLException;

  Optional<Queue.Load> load(String queue) throws SQLException;

  Optional<Payload> sessionState(String session) throws SQLException;

  int behind(RunId run) throws SQLException;

  /** How what that run records is kept. */
  Seal seal(RunId run) throws SQLException;
}

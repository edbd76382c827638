package dev.holdfast.journal.spi;

import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What anyone may see of a store; every answer is a durable fact. Safe for many threads. */
public interface JournalReader extends AutoCloseable {
  /** The run with that id, if there is one. */
  Optional<RunState> find(RunId run);

  /** The run's entries from that sequence on, in order, at most {@code countMax}. */
  List<Recorded> entries(RunId run, long fromSequence, int countMax);

  /** The run's newest entry; for a run that nobody executes it says where and why it stands. */
  Optional<Recorded> last(RunId run);

  /** Runs in those statuses (all where empty), the one changed last first. */
  List<RunState> runs(Set<Status> statuses, int offset, int countMax);

  /** The ledger's row of that fact, if it was ever asked for. */
  Optional<Fact> fact(String name);

  /**
   * The ledger's rows in that state, by name (in an encrypted store in no telling order), at most
   * {@code countMax}.
   */
  List<Fact> facts(Fact.State state, int countMax);

  /** Messages that the run has not consumed yet, oldest first. */
  List<Message.Mail> mail(RunId run);

  /** How full that queue is, if somebody registered it. */
  Optional<Queue.Load> load(String queue);

  /** What the runs of that session handed on last; empty where none did. */
  Optional<Payload> sessionState(String session);

  /** How many runs wait until that one ends: 0 unless it has the turn of a session. */
  int behind(RunId run);

  /** One line that says where the entries are kept, for errors and screens. */
  String location();

  @Override
  void close();
}

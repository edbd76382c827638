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
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A journal whose questions are answered by a reader of its own. */
abstract class ReadThrough implements JournalReader {
  /** Who answers; throws where nobody does any more. */
  abstract JournalReader reader();

  @Override
  public Optional<RunState> find(RunId run) {
    return reader().find(run);
  }

  @Override
  public List<Recorded> entries(RunId run, long fromSequence, int countMax) {
    return reader().entries(run, fromSequence, countMax);
  }

  @Override
  public Optional<Recorded> last(RunId run) {
    return reader().last(run);
  }

  @Override
  public List<RunState> runs(Set<Status> statuses, int offset, int countMax) {
    return reader().runs(statuses, offset, countMax);
  }

  @Override
  public List<Message.Mail> mail(RunId run) {
    return reader().mail(run);
  }

  @Override
  public Optional<Fact> fact(String name) {
    return reader().fact(name);
  }

  @Override
  public List<Fact> facts(Fact.State state, int countMax) {
    return reader().facts(state, countMax);
  }

  @Override
  public Optional<Queue.Load> load(String queue) {
    return reader().load(queue);
  }

  @Override
  public Optional<Payload> sessionState(String session) {
    return reader().sessionState(session);
  }

  @Override
  public int behind(RunId run) {
    return reader().behind(run);
  }
}

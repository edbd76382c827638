package dev.holdfast.testing;

import dev.holdfast.journal.Payload;
import dev.holdfast.journal.spi.Release;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whose turn it is in each session of a storage; guarded by the storage's lock. */
final class MemorySessions {
  private static final class Session {
    private final TreeSet<MemoryRun> waiting =
        new TreeSet<>(Comparator.comparingLong(run -> run.number));
    private @Nullable MemoryRun turn;
    private Optional<Payload> state = Optional.empty();
  }

  private final Map<String, Session> sessions = new HashMap<>();

  /** Gives a run its turn, or lets it wait for it: whether it has the turn now. */
  boolean enter(MemoryRun run) {
    Session session = of(run.start.session().orElseThrow());
    if (session.turn == null) {
      session.turn = run;
    } else if (session.turn != run) {
      session.waiting.add(run);
    }
    return session.turn == run;
  }

  /** Ends the turn of a run that has ended; the run that has the next one, if there is any. */
  Optional<MemoryRun> end(MemoryRun run, Release release) {
    Session session = of(run.start.session().orElseThrow());
    session.state = release.handedOn().or(() -> session.state);
    session.turn = session.waiting.pollFirst();
    return Optional.ofNullable(session.turn);
  }

  Optional<Payload> state(String key) {
    return Optional.ofNullable(sessions.get(key)).flatMap(session -> session.state);
  }

  /** How many wait until that run ends. */
  int behind(MemoryRun run) {
    return run.start
        .session()
        .map(this::of)
        .filter(session -> session.turn == run)
        .map(session -> session.waiting.size())
        .orElse(0);
  }

  private Session of(String key) {
    return sessions.computeIfAbsent(key, fresh -> new Session());
  }
}

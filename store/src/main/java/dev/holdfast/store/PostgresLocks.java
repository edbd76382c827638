package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Release;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What requests keep others from until they are durable: a batch takes all of it first and in one
 * order, so that no two workers wait for each other.
 *
 * @param facts by their names
 * @param queues by their names
 * @param sessions by their keys
 * @param runs that exist, by their ids
 */
record PostgresLocks(
    Set<String> facts, Set<String> queues, Set<String> sessions, Set<String> runs) {
  static final PostgresLocks NONE = new PostgresLocks(Set.of(), Set.of(), Set.of(), Set.of());

  static PostgresLocks ofFact(String name) {
    return new PostgresLocks(Set.of(name), Set.of(), Set.of(), Set.of());
  }

  /** Those of a message to a run. */
  static PostgresLocks ofMail(RunId run) {
    return new PostgresLocks(Set.of(), Set.of(), Set.of(), Set.of(run.text()));
  }

  /** Those of a start. */
  static PostgresLocks of(NewRun run) {
    return new PostgresLocks(Set.of(), set(run.queue()), set(run.session()), Set.of());
  }

  /**
   * Those of an append.
   *
   * @param session the key of the run's session, if it has one
   */
  static PostgresLocks of(Append append, Optional<String> session) {
    Stream<String> changed = append.facts().stream().map(Fact::name);
    Stream<String> awaited = append.release().flatMap(Release::awaits).stream();
    boolean isEnd = append.release().filter(release -> release.status().isEnded()).isPresent();
    return new PostgresLocks(
        Stream.concat(changed, awaited).collect(Collectors.toSet()),
        Set.of(),
        isEnd ? set(session) : Set.of(),
        append.release().map(release -> runs(append.run(), release)).orElse(Set.of()));
  }

  /** Who gives up a run locks it, and the one that it writes to. */
  private static Set<String> runs(RunId released, Release release) {
    return Stream.concat(Stream.of(released), release.letter().map(Release.Letter::to).stream())
        .map(RunId::text)
        .collect(Collectors.toSet());
  }

  /** Those of a batch. */
  static PostgresLocks of(Collection<PostgresRequest<?>> requests) {
    return new PostgresLocks(
        all(requests, PostgresLocks::facts),
        all(requests, PostgresLocks::queues),
        all(requests, PostgresLocks::sessions),
        all(requests, PostgresLocks::runs));
  }

  private static Set<String> all(
      Collection<PostgresRequest<?>> requests, Function<PostgresLocks, Set<String>> names) {
    return requests.stream()
        .flatMap(request -> names.apply(request.locks()).stream())
        .collect(Collectors.toSet());
  }

  private static Set<String> set(Optional<String> name) {
    return name.map(Set::of).orElse(Set.of());
  }
}

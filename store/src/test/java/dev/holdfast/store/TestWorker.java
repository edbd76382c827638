package dev.holdfast.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.Optional;

/** A worker on PostgreSQL with a short lease, in this process or in a child, and what it does. */
final class TestWorker implements AutoCloseable {
  private final HikariDataSource pool;
  private final PostgresJournal journal;
  private final Engine engine;

  private TestWorker(HikariDataSource pool, Duration lease, Duration outageMax, Settings settings) {
    this.pool = pool;
    var connections =
        new PostgresConnections(pool, Durability.EPHEMERAL, Duration.ofSeconds(2), outageMax);
    this.journal =
        PostgresJournal.open(
            connections, settings.worker(), lease, Optional.empty(), Optional.empty());
    this.engine = Engine.over(journal, JsonCodec.standard(), settings.clock(journal.clock()));
  }

  static TestWorker open(String url, Duration lease, Settings settings) {
    return open(url, lease, Duration.ofSeconds(60), settings);
  }

  static TestWorker open(String url, Duration lease, Duration outageMax, Settings settings) {
    return new TestWorker(pool(url), lease, outageMax, settings);
  }

  static HikariDataSource pool(String url) {
    var pool = new HikariDataSource();
    pool.setJdbcUrl(url);
    pool.setMaximumPoolSize(8);
    pool.setMinimumIdle(1);
    pool.setConnectionTimeout(3_000);
    return pool;
  }

  Engine engine() {
    return engine;
  }

  PostgresJournal journal() {
    return journal;
  }

  /** A run of that many effects that must not be repeated; a deed each, in their order. */
  static Workflow<String, Integer> errand(Deeds deeds, int steps, Duration stepTakes) {
    return errand(
        steps,
        Effect.once(
            String.class,
            (key, what) -> {
              Thread.sleep(stepTakes);
              deeds.add(what);
              return what;
            }));
  }

  /** The same of effects whose target knows repeats by their key, which stands in each deed. */
  static Workflow<String, Integer> keyedErrand(
      Deeds deeds, int steps, Duration stepTakes, String worker) {
    return errand(
        steps,
        Effect.keyed(
            String.class,
            (key, what) -> {
              deeds.add(what + " " + key.text() + " " + worker);
              Thread.sleep(stepTakes);
              return what;
            }));
  }

  private static Workflow<String, Integer> errand(int steps, Effect<String, String> deed) {
    return Workflow.of("errand", String.class, Integer.class)
        .body((run, id) -> errand(run, id, steps, deed));
  }

  private static int errand(Run run, String id, int steps, Effect<String, String> deed) {
    for (int step = 0; step < steps; step++) {
      run.effect("deed", id + " " + step, deed);
    }
    return steps;
  }

  /** An abrupt end, as far as there is one within a process. */
  void crash() {
    engine.crash();
    pool.close();
  }

  /** Of one whose engine was closed or crashed by others. */
  void closePool() {
    pool.close();
  }

  @Override
  public void close() {
    engine.close();
    pool.close();
  }
}

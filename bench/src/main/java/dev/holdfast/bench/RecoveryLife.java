package dev.holdfast.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A process whose runs stop half way until they are told to go on, or until it is killed. */
final class RecoveryLife {
  /** Reads in each run, and how many of them are recorded when a run stands half way. */
  static final int STEPS = 10;

  static final int STEPS_BEFORE = STEPS / 2;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** One read of one run. */
  record Read(String run, int step) {}

  private final PeerLedger ledger;
  private final CountDownLatch standing;
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final Effect<Read, String> read = Effect.read(String.class, this::read);
  private final Workflow<String, Integer> workflow =
      Workflow.of("half", String.class, Integer.class)
          .body((run, id) -> {
            int characters = 0;
            for (int i = 0; i < STEPS; i++) {
              characters += run.effect(StepsWorkload.STEP, new Read(id, i), read).length();
            }
            return characters;
          });

  private RecoveryLife(PeerLedger ledger, int runs) {
    this.ledger = ledger;
    this.standing = new CountDownLatch(runs);
  }

  /**
   * A life of these runs.
   *
   * @param arguments the store's file or JDBC URL, the ledger's file, how many runs, and whether
   *     they stop half way
   */
  public static void main(String[] arguments) throws Exception {
    try (var ledger = new PeerLedger(Path.of(arguments[1]))) {
      int runs = Integer.parseInt(arguments[2]);
      var life = new RecoveryLife(ledger, runs);
      if (!Boolean.parseBoolean(arguments[3])) {
        life.goOn.countDown();
      }
      try (Holdfast holdfast = open(arguments[0])) {
        holdfast.register(life.workflow);
        LifeOrders.serve((order, number) -> life.obey(holdfast, order, number));
      }
    }
    LifeOrders.answer("ended=1");
  }

  private static Holdfast open(String place) {
    if (!place.startsWith("jdbc:")) {
      return Holdfast.open(Path.of(place));
    }
    var pool = new HikariDataSource();
    pool.setJdbcUrl(place);
    return Holdfast.connect(pool);
  }

  private String read(Read step) throws IOException, InterruptedException {
    if (step.step() == STEPS_BEFORE) {
      standing.countDown();
      goOn.await();
    }
    ledger.count(step.run(), step.step());
    return StepsWorkload.answer(step.step());
  }

  private String obey(Holdfast holdfast, String order, int runs) throws Exception {
    return switch (order) {
      case "half" -> {
        PeerClients.all(runs, runs, run -> holdfast.start(workflow, idOf(run), idOf(run)));
        if (!standing.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          throw new IllegalStateException(standing.getCount() + " runs do not stand half way.");
        }
        yield "standing=" + runs;
      }
      case "rest" -> {
        long began = System.nanoTime();
        goOn.countDown();
        awaitAll(holdfast, runs);
        yield "ms=" + (System.nanoTime() - began) / 1e6;
      }
      default -> throw new IllegalArgumentException("No such order: " + order);
    };
  }

  private static void awaitAll(Holdfast holdfast, int runs) throws Exception {
    PeerClients.all(
        runs,
        runs,
        run -> {
          Outcome<Integer> outcome = holdfast.find(idOf(run), Integer.class).await(PATIENCE);
          int characters = STEPS * StepsWorkload.answer(0).length();
          if (!outcome.equals(new Outcome.Completed<>(characters))) {
            throw new IllegalStateException(idOf(run) + " ended " + outcome);
          }
        });
  }

  private static String idOf(int run) {
    return "half-" + run;
  }
}

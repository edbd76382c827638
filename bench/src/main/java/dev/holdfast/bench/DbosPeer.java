package dev.holdfast.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.dbos.transact.DBOS;
import dev.dbos.transact.StartWorkflowOptions;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.execution.ThrowingSupplier;
import java.time.Duration;

/**
 * DBOS Transact on a data source of its own with 64 connections; recovers by itself when opened.
 */
final class DbosPeer implements Peer {
  private final HikariDataSource database;
  private final DBOS dbos;
  private final DbosFlows flows;
  private final PeerClients clients = new PeerClients();

  DbosPeer(HikariDataSource database, PeerLedger ledger) {
    this.database = database;
    dbos =
        new DBOS(
            DBOSConfig.defaults("peers")
                .withDataSource(database)
                .withExecutorId("worker")
                .withAppVersion("1"));
    flows = dbos.registerProxy(DbosFlows.class, new DbosFlows.Steps(dbos, ledger));
    dbos.launch();
  }

  private <E extends Exception> void run(String id, int expected, ThrowingSupplier<Integer, E> call)
      throws E {
    int characters = dbos.startWorkflow(call, new StartWorkflowOptions(id)).getResult();
    if (characters != expected) {
      throw new IllegalStateException(
          "Run %s of DBOS answered %d, not %d.".formatted(id, characters, expected));
    }
  }

  @Override
  public StepsWorkload.Measured steps(Duration length, int batch) throws Exception {
    int expected = STEPS * StepsWorkload.answer(0).length();
    return clients.measure(length, seed -> run("run-" + seed, expected, () -> flows.steps(seed)));
  }

  @Override
  public void turns(int count) {
    run("history", count * TURN_CHARACTERS, () -> flows.turns(count));
  }

  @Override
  public void counted(String id, int steps) throws Exception {
    run(id, steps * StepsWorkload.answer(0).length(), () -> flows.counted(id, steps));
  }

  @Override
  public boolean effect(String id) throws Exception {
    run(id, "paid".length(), () -> flows.effect(id));
    return false;
  }

  @Override
  public void close() {
    dbos.shutdown();
    database.close();
  }
}

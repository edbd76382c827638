package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * A bare writer of a SQLite store's rows. It recovers nothing: each life calls every effect again,
 * under the run's id as its key, at a target that honours keys.
 */
final class RawPeer implements Peer {
  static final String FILE = "raw.db";
  private static final int TURNS = 400;

  private final RawWriter steps;
  private final RawWriter turns;
  private final PeerLedger ledger;

  RawPeer(Path folder, PeerLedger ledger) throws IOException, SQLException {
    this.ledger = ledger;
    steps = new RawWriter(folder.resolve(FILE));
    turns =
        new RawWriter(
            folder.resolve("turns.db"),
            IntStream.range(0, TURNS)
                .mapToObj(i -> RawWriter.body(i, StepsWorkload.turn(i)))
                .toList());
  }

  @Override
  public StepsWorkload.Measured steps(Duration length, int batch) throws SQLException {
    return new StepsWorkload.Measured(steps.rowsPerSecond(batch, length), batch, 0);
  }

  @Override
  public void turns(int count) throws SQLException {
    for (int i = 0; i < count; i++) {
      turns.commitMillis();
    }
  }

  @Override
  public void counted(String id, int steps) {
    throw new UnsupportedOperationException("A bare writer recovers nothing.");
  }

  @Override
  public boolean effect(String id) throws IOException, InterruptedException {
    ledger.payOnce(id, id);
    return false;
  }

  @Override
  public void close() throws SQLException {
    steps.close();
    turns.close();
  }
}

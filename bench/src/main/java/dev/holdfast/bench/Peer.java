package dev.holdfast.bench;

import java.sql.SQLException;
import java.time.Duration;

/** One compared system in a process of its own; safe for the threads of {@link PeerClients}. */
interface Peer extends AutoCloseable {
  /** Steps of one run of the workload with many short runs. */
  int STEPS = 10;

  /** Characters of a turn of the workload with one long run. */
  int TURN_CHARACTERS = 2_048;

  /**
   * Runs for that long, 64 runs of ten durable reads at once, each of 200 characters.
   *
   * @param batch rows a commit, for what commits in batches that it does not choose itself
   */
  StepsWorkload.Measured steps(Duration length, int batch) throws Exception;

  /** One run of so many durable reads, each of 2,048 random characters. */
  void turns(int count) throws Exception;

  /** Brings the run with that id to its end, whose steps are reads that the ledger counts. */
  void counted(String id, int steps) throws Exception;

  /**
   * Brings the run with that id to its end, whose one step is an effect on the outside.
   *
   * @return whether the system told that it cannot know if the effect happened
   */
  boolean effect(String id) throws Exception;

  @Override
  void close() throws SQLException;
}

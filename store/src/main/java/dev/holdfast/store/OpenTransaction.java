package dev.holdfast.store;

import java.sql.Connection;

/** A transaction that was begun; whoever has it ends it once, which gives its connection back. */
interface OpenTransaction {
  Connection connection();

  /**
   * Commits it.
   *
   * @throws dev.holdfast.kernel.spi.Transactions.RolledBack where it is certain that it was not
   *     committed
   * @throws Exception where that is unknown
   */
  void commit() throws Exception;

  /** Rolls it back; where that fails its connection is lost, and what it did with it. */
  void rollback() throws Exception;
}

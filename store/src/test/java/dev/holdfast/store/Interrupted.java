package dev.holdfast.store;

import java.time.Instant;
import java.util.Optional;

/** Tables of a process that dies before one of its transactions, or within it. */
class Interrupted extends RetentionTables {
  private final RetentionTables real;
  private int transactionsLeft;

  Interrupted(RetentionTables real, int transactions) {
    super(real.vault());
    this.real = real;
    this.transactionsLeft = transactions;
  }

  /** The process is dead. */
  static final class Died extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  <T> T inTransaction(Work<T> work) {
    return transactionsLeft-- == 0 ? dying(real, work) : real.inTransaction(work);
  }

  /** What becomes of the transaction that it does not survive. */
  <T> T dying(RetentionTables tables, Work<T> work) {
    throw new Died();
  }

  @Override
  <T> T inSnapshot(Look<T> look) {
    return real.inSnapshot(look);
  }

  @Override
  String prefix() {
    return real.prefix();
  }

  @Override
  String locking() {
    return real.locking();
  }

  @Override
  String factKey() {
    return real.factKey();
  }

  @Override
  Optional<String> erasedKey(String name) {
    return real.erasedKey(name);
  }

  @Override
  Instant now() throws java.sql.SQLException {
    return real.now();
  }

  @Override
  String location() {
    return real.location();
  }

  @Override
  void sweep() {
    real.sweep();
  }

  @Override
  public void close() {
    real.close();
  }
}

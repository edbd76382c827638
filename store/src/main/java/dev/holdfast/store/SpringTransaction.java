package dev.holdfast.store;

import dev.holdfast.kernel.spi.Transactions.RolledBack;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** A transaction of the calling thread that Spring manages. */
record SpringTransaction(
    PlatformTransactionManager manager,
    TransactionStatus status,
    DataSource source,
    Connection connection)
    implements OpenTransaction {
  private static final System.Logger LOG = System.getLogger("dev.holdfast.store");

  static SpringTransaction begun(
      PlatformTransactionManager manager, TransactionStatus status, DataSource source) {
    try {
      Connection connection = DataSourceUtils.getConnection(source);
      return new SpringTransaction(manager, status, source, connection);
    } catch (RuntimeException e) {
      manager.rollback(status);
      throw e;
    }
  }

  @Override
  public void commit() throws Exception {
    if (status.isRollbackOnly()) {
      var refusal = new UnexpectedRollbackException("A part of the work called setRollbackOnly.");
      try {
        rollback();
      } catch (RuntimeException e) {
        refusal.addSuppressed(e);
      }
      throw new RolledBack(refusal);
    }
    Watch watch = Watch.registered();
    DataSourceUtils.releaseConnection(connection, source);
    try {
      manager.commit(status);
    } catch (RuntimeException e) {
      if (!watch.isCommitted) {
        throw watch.isRolledBack(e) ? new RolledBack(e) : e;
      }
      // It has happened; read as a failure, this could say that it was refused.
      LOG.log(Level.WARNING, "A listener failed after the commit of an effect.", e);
    }
  }

  @Override
  public void rollback() {
    DataSourceUtils.releaseConnection(connection, source);
    manager.rollback(status);
  }

  /** Sees how far a commit got: listeners of the user's can throw before it and after it. */
  private static final class Watch implements TransactionSynchronization {
    private boolean isAsked;
    private boolean isCommitted;

    /** Registered last, it is the last of its rank to be asked before the commit. */
    static Watch registered() {
      var watch = new Watch();
      if (TransactionSynchronizationManager.isSynchronizationActive()) {
        TransactionSynchronizationManager.registerSynchronization(watch);
      } else {
        watch.isAsked = true;
      }
      return watch;
    }

    @Override
    public void beforeCommit(boolean isReadOnly) {
      isAsked = true;
    }

    @Override
    public void afterCompletion(int completion) {
      isCommitted = completion == STATUS_COMMITTED;
    }

    boolean isRolledBack(RuntimeException failure) {
      return !isAsked
          || failure instanceof UnexpectedRollbackException
          || isRefusedByDatabase(failure);
    }

    private static boolean isRefusedByDatabase(Throwable failure) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException refusal) {
          return EffectTable.isRolledBack(refusal);
        }
      }
      return false;
    }
  }
}

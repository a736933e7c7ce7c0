package io.llmaccounting.sql;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.shaded.jooq.exception.DataAccessException;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets work through while a store is open, and makes closing wait for work under way. It is also
 * the one place where exceptions of the database become those of this library. Safe for use by many
 * threads.
 */
public final class ClosingLock {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final String store;
  private final SqlDialect dialect;
  private volatile boolean closed;

  /** An open gate before {@code store}, which messages name. */
  public ClosingLock(String store, SqlDialect dialect) {
    this.store = store;
    this.dialect = dialect;
  }

  /** Work that uses the database. */
  @FunctionalInterface
  public interface Passage<T extends @Nullable Object> {
    /** Uses the database; runs only while the store is open. */
    T run() throws SQLException;
  }

  /** Throws unless the store is open. */
  public void requireOpen() {
    if (closed) {
      throw new BackendException(
          BackendException.Kind.CLOSED, store + " is closed; open it again to use it");
    }
  }

  /** Runs {@code work} unless the store is closed, translating what the database throws. */
  public <T extends @Nullable Object> T pass(Passage<T> work) {
    lock.readLock().lock();
    try {
      requireOpen();
      return work.run();
    } catch (SQLException e) {
      throw dialect.translate(e);
    } catch (DataAccessException e) {
      SQLException cause = e.getCause(SQLException.class);
      throw cause == null ? e : dialect.translate(cause);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Shuts the gate once nothing is under way and runs {@code last}; does nothing the second time.
   *
   * @throws IllegalStateException if called from inside work that went through
   */
  public void close(Runnable last) {
    if (lock.getReadHoldCount() > 0) {
      throw new IllegalStateException(
          store + " cannot be closed from inside one of its transactions; close it afterwards");
    }
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        last.run();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}

package io.llmaccounting.sql;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.shaded.jooq.exception.DataAccessException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets work through while a store is open, and makes closing wait for work under way. It is also
 * the one place where exceptions of the database become those of this library. Safe for use by many
 * threads.
 */
public final class ClosingLock {
  private static final Logger LOG = LoggerFactory.getLogger(ClosingLock.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final String store;
  private final SqlDialect dialect;
  private final Duration patience;
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean closed;

  /** An open gate before {@code store}, which messages name. */
  public ClosingLock(String store, SqlDialect dialect) {
    this(store, dialect, PATIENCE);
  }

  ClosingLock(String store, SqlDialect dialect, Duration patience) {
    this.store = store;
    this.dialect = dialect;
    this.patience = patience;
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
    // nobody waits behind a close that waits
    requireOpen();
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
   * Shuts the gate, waits for what is under way, and runs {@code last}; does nothing the second
   * time. Where a database does not answer, {@code last} is left to a thread that goes on waiting.
   *
   * @throws IllegalStateException if called from inside work that went through
   */
  public void close(Runnable last) {
    if (lock.getReadHoldCount() > 0) {
      throw new IllegalStateException(
          store + " cannot be closed from inside one of its transactions; close it afterwards");
    }
    if (closing.getAndSet(true)) {
      return;
    }
    closed = true;
    if (isFree()) {
      run(last);
    } else {
      LOG.warn(
          "{} did not answer within {} of closing; it is closed once it does", store, patience);
      waiting(last).start();
    }
  }

  // through interrupts: what is under way must not lose its ground
  private boolean isFree() {
    long end = System.nanoTime() + patience.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return lock.writeLock().tryLock(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run(Runnable last) {
    try {
      last.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private Thread waiting(Runnable last) {
    Thread thread =
        new Thread(
            null,
            () -> {
              lock.writeLock().lock();
              run(last);
            },
            "llm-accounting-close",
            0,
            false);
    thread.setDaemon(true);
    return thread;
  }
}

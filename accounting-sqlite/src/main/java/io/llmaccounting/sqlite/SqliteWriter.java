package io.llmaccounting.sqlite;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.SqlWork;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one connection that writes. SQLite has one write lock for all threads and processes: threads
 * of this process queue for the connection, processes for the file. Safe for use by many threads.
 */
final class SqliteWriter {
  // Pauses are short and random, so that no process starves; SQLite's own waiting sleeps up to 100
  // ms.
  private static final long LEAST_PAUSE_NANOS = 200_000;
  private static final long MOST_PAUSE_NANOS = 1_000_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final SqliteFile file;
  private final SqlDialect dialect;
  private final FileIdentity database;
  private @Nullable SqlSession session;
  private @Nullable FileIdentity log;

  SqliteWriter(SqliteFile file, SqlDialect dialect, FileIdentity database) {
    this.file = file;
    this.dialect = dialect;
    this.database = database;
  }

  <T extends @Nullable Object> T run(SqlWork<T> work) throws SQLException {
    if (lock.isHeldByCurrentThread()) {
      throw new IllegalStateException(
          "a transaction of this thread is under way already; it cannot start another one");
    }
    long deadline = System.nanoTime() + timeout().toNanos();
    acquire();
    try {
      SqlSession current = open();
      begin(current, deadline);
      return complete(current, work);
    } finally {
      lock.unlock();
    }
  }

  /** Writes the whole file anew and empties its log; nobody else writes meanwhile. */
  void overwriteFreed() throws SQLException {
    acquire();
    try {
      SqlSession current = open();
      try {
        execute(current, "VACUUM");
        emptyLog(current, System.nanoTime() + timeout().toNanos());
      } catch (SQLException e) {
        if (SqliteDialect.isBusy(e)) {
          throw timedOut(e);
        }
        throw e;
      }
      requireSameFiles();
    } finally {
      lock.unlock();
    }
  }

  // Readers keep the log that they began with from being emptied. SQLite says so in a row and
  // throws nothing.
  private void emptyLog(SqlSession current, long deadline) throws SQLException {
    while (isLogKept(current)) {
      if (System.nanoTime() - deadline >= 0) {
        throw new BackendException(
            Kind.UNAVAILABLE,
            "%s was read by others for %s, so that what was freed is still in its log; try again or raise busyTimeout"
                .formatted(file.path(), timeout()));
      }
      pause();
    }
  }

  private static boolean isLogKept(SqlSession current) throws SQLException {
    try (ResultSet row = current.prepare("PRAGMA wal_checkpoint(TRUNCATE)").executeQuery()) {
      return row.next() && row.getBoolean(1);
    }
  }

  void close() throws SQLException {
    lock.lock();
    try {
      discard();
    } finally {
      lock.unlock();
    }
  }

  private <T extends @Nullable Object> T complete(SqlSession current, SqlWork<T> work)
      throws SQLException {
    boolean committed = false;
    try {
      T result = work.run(current);
      execute(current, "COMMIT");
      committed = true;
      requireSameFiles();
      return result;
    } finally {
      if (!committed) {
        rollBack(current);
      }
    }
  }

  // The check comes after the commit: a file that was removed before it is noticed, and one that is
  // removed later had everything in it.
  private void requireSameFiles() {
    database.require();
    FileIdentity known = log;
    if (known == null) {
      log = FileIdentity.of(file.log());
    } else {
      known.require();
    }
  }

  private void rollBack(SqlSession current) {
    try {
      execute(current, "ROLLBACK");
    } catch (SQLException e) {
      // A full disk or an I/O error has rolled back already. Either way a new connection is clean.
      discardBroken();
    }
  }

  private void acquire() {
    try {
      if (lock.tryLock(timeout().toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    throw timedOut(null);
  }

  private void begin(SqlSession current, long deadline) throws SQLException {
    while (true) {
      try {
        execute(current, "BEGIN IMMEDIATE");
        return;
      } catch (SQLException e) {
        if (!SqliteDialect.isBusy(e)) {
          discardBroken();
          throw e;
        }
        if (System.nanoTime() - deadline >= 0) {
          throw timedOut(e);
        }
      }
      pause();
    }
  }

  private void pause() {
    LockSupport.parkNanos(
        ThreadLocalRandom.current().nextLong(LEAST_PAUSE_NANOS, MOST_PAUSE_NANOS));
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(null);
    }
  }

  private SqlSession open() throws SQLException {
    SqlSession current = session;
    if (current == null) {
      // without this check, SQLite would create an empty file
      database.require();
      current = new SqlSession(file.openWriter(), dialect);
      session = current;
    }
    return current;
  }

  private void discardBroken() {
    try {
      discard();
    } catch (SQLException e) {
      // The connection was broken before, and that failure is reported already.
      session = null;
    }
  }

  private void discard() throws SQLException {
    SqlSession current = session;
    session = null;
    log = null;
    if (current != null) {
      try {
        current.close();
      } finally {
        current.connection().close();
      }
    }
  }

  private static void execute(SqlSession current, String sql) throws SQLException {
    current.prepare(sql).execute();
  }

  private Duration timeout() {
    return file.settings().busyTimeout();
  }

  private BackendException timedOut(@Nullable SQLException cause) {
    return new BackendException(
        Kind.UNAVAILABLE,
        "%s was locked for writing by another %s for %s; try again or raise busyTimeout"
            .formatted(file.path(), cause == null ? "thread" : "process", timeout()),
        cause);
  }

  private BackendException interrupted(@Nullable InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new BackendException(
        Kind.UNAVAILABLE,
        "waiting to write to %s was interrupted; nothing was written".formatted(file.path()),
        cause);
  }
}

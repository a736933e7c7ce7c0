package io.llmaccounting.sqlite;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets one starter at a time, of all threads and processes, work on a database's schema. The file
 * stays: removing it would let two starters lock two files of one name.
 */
final class LockFile {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long PAUSE_NANOS = 5_000_000;

  private final FileChannel channel;

  private LockFile(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits for the lock beside {@code database}. */
  static LockFile beside(Path database) throws IOException {
    Path path = database.resolveSibling(database.getFileName() + ".lock");
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      await(channel, path);
      locked = true;
      return new LockFile(channel);
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private static void await(FileChannel channel, Path path) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!tryLock(channel)) {
      if (System.nanoTime() - deadline >= 0) {
        throw new BackendException(
            Kind.UNAVAILABLE,
            "%s was locked by another starter for %s; see what holds it, then try again"
                .formatted(path, PATIENCE));
      }
      LockSupport.parkNanos(PAUSE_NANOS);
      if (Thread.currentThread().isInterrupted()) {
        throw new BackendException(
            Kind.UNAVAILABLE, "waiting for %s was interrupted; try again".formatted(path));
      }
    }
  }

  // Closing the channel releases the lock.
  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // Another thread of this process holds it.
    }
  }

  /** Lets the next starter in. */
  void close() throws IOException {
    channel.close();
  }
}

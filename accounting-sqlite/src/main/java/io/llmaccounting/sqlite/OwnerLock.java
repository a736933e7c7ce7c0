package io.llmaccounting.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Says that a process owns a file, for as long as it lives: the system gives the lock back even
 * when the process is killed. The locked file lies beside the owned one, and stays.
 */
final class OwnerLock implements AutoCloseable {
  // On some systems, closing any channel of a file releases every lock that the process has on the
  // file. So a file that this process has locked is never opened a second time.
  private static final Map<Path, FileChannel> HELD = new HashMap<>();

  private final Path path;
  private final FileChannel channel;

  private OwnerLock(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Locks {@code owned}; empty if somebody else has, in this process or another. */
  static Optional<OwnerLock> of(Path owned) throws IOException {
    Path path = beside(owned);
    synchronized (HELD) {
      if (HELD.containsKey(path)) {
        return Optional.empty();
      }
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          channel.close();
          return Optional.empty();
        }
      } catch (OverlappingFileLockException e) {
        // locked by another class loader of this process: the channel stays open for the reason
        // above
        HELD.put(path, channel);
        return Optional.empty();
      }
      HELD.put(path, channel);
      return Optional.of(new OwnerLock(path, channel));
    }
  }

  /** True if this process has locked {@code owned}. */
  static boolean isOurs(Path owned) {
    synchronized (HELD) {
      return HELD.containsKey(beside(owned));
    }
  }

  private static Path beside(Path owned) {
    return owned.resolveSibling(owned.getFileName() + ".owner");
  }

  /** Lets the next process own the file. */
  @Override
  public void close() throws IOException {
    synchronized (HELD) {
      channel.close();
      HELD.remove(path);
    }
  }
}

package io.llmaccounting.client.internal.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder that one process writes to at a time; its lock goes with the process. */
final class OwnedFolder implements AutoCloseable {
  private static final String LOCK = "lock";

  final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private OwnedFolder(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /** A new folder, this process's. */
  static OwnedFolder make(Path parent) throws IOException {
    Path path = Files.createDirectories(parent.resolve(UUID.randomUUID().toString()));
    OwnedFolder owned = take(path);
    if (owned == null) {
      throw new IOException(path + " was made just now and is locked by another process");
    }
    return owned;
  }

  /** The folder of a process that has ended; null while it lives. */
  static @Nullable OwnedFolder take(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new OwnedFolder(path, channel, lock);
      }
    } catch (OverlappingFileLockException e) {
      // another client of this process has it
    }
    channel.close();
    return null;
  }

  /** Its files of records, oldest first. */
  static List<Path> segments(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(Segment.SUFFIX)).sorted().toList();
    }
  }

  /** Removes the folder if nothing waits in it, and lets go of it. */
  @Override
  public void close() throws IOException {
    boolean empty = segments(path).isEmpty();
    if (empty) {
      Files.deleteIfExists(path.resolve(LOCK));
    }
    lock.release();
    channel.close();
    if (empty) {
      Files.deleteIfExists(path);
    }
  }
}

package io.llmaccounting.client.internal.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder that one process writes to at a time; its lock goes with the process. */
final class OwnedFolder implements AutoCloseable {
  private static final String LOCK = "lock";
  private static final int ATTEMPTS = 10;
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  final Path path;
  private final Path real;
  private final FileChannel channel;
  private final FileLock lock;

  private OwnedFolder(Path path, Path real, FileChannel channel, FileLock lock) {
    this.path = path;
    this.real = real;
    this.channel = channel;
    this.lock = lock;
  }

  /** A new folder, this process's. */
  static OwnedFolder make(Path parent) throws IOException {
    for (int attempt = 1; ; attempt++) {
      Path path = Files.createDirectories(parent.resolve(UUID.randomUUID().toString()));
      OwnedFolder owned = takeNew(path);
      if (owned != null) {
        return owned;
      }
      if (attempt == ATTEMPTS) {
        throw new IOException(
            path + " was made just now, and taken by another process; so were those before it");
      }
    }
  }

  // one that starts at the same time may take the new folder for a left one, and remove it
  private static @Nullable OwnedFolder takeNew(Path path) throws IOException {
    try {
      OwnedFolder owned = take(path);
      if (owned == null || Files.exists(path.resolve(LOCK))) {
        return owned;
      }
      owned.letGo();
      return null;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** True if {@code found} is a folder that a process writes to, or has written to. */
  static boolean isOne(Path found) {
    return Files.isRegularFile(found.resolve(LOCK));
  }

  /** The folder of a process that has ended; null while it lives. */
  static @Nullable OwnedFolder take(Path path) throws IOException {
    Path real = path.toRealPath();
    // a second look at a lock of this process would give it up: closing any channel does
    if (!OURS.add(real)) {
      return null;
    }
    OwnedFolder taken = null;
    try {
      taken = locked(path, real);
    } finally {
      if (taken == null) {
        OURS.remove(real);
      }
    }
    return taken;
  }

  private static @Nullable OwnedFolder locked(Path path, Path real) throws IOException {
    FileChannel channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new OwnedFolder(path, real, channel, lock);
      }
    } catch (OverlappingFileLockException e) {
      // a client of this process has it that was loaded apart from this one
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
    letGo();
    if (empty) {
      remove();
    }
  }

  private void letGo() throws IOException {
    lock.release();
    channel.close();
    OURS.remove(real);
  }

  private void remove() throws IOException {
    try {
      Files.deleteIfExists(path);
    } catch (DirectoryNotEmptyException e) {
      // another process has taken it meanwhile, and removes it when it ends
    }
  }
}

package io.llmaccounting.sqlite;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of a spool: a file for each process that uses it at the same time. A process takes the
 * first file that nobody owns, so that a restart finds its own again. Safe for use by many threads
 * and processes.
 */
record SpoolFolder(Path path, InstantSource clock) {
  /** The least room that a file and its log take. */
  private static final long LEAST_ROOM = 65_536;

  private static final Pattern FILE = Pattern.compile("spool-([0-9]{1,6})\\.db");

  SpoolFolder {
    path = path.toAbsolutePath().normalize();
    if (path.toString().indexOf('?') >= 0) {
      throw new IllegalArgumentException(
          "folder must not have a question mark in its path, which starts options in URLs of"
              + " SQLite, was "
              + path);
    }
  }

  /** Takes the first file that nobody owns. */
  SpoolSlot take() {
    try {
      Files.createDirectories(path);
      LockFile turn = turn();
      try {
        for (int number = 1; ; number++) {
          Path file = path.resolve("spool-" + number + ".db");
          Optional<OwnerLock> owner = OwnerLock.of(file);
          if (owner.isPresent()) {
            return new SpoolSlot(file, owner.get(), clock);
          }
        }
      } finally {
        turn.close();
      }
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** Hands over every file that was left behind, one after the other, owned for that time. */
  void forEachLeft(Consumer<SpoolSlot> work) {
    try {
      if (left().isEmpty()) {
        return;
      }
      // A process that starts meanwhile waits: otherwise it would take another file, with other
      // open amounts, than the one that its predecessor left.
      LockFile turn = turn();
      try {
        for (Path file : left()) {
          Optional<OwnerLock> owner = OwnerLock.of(file);
          if (owner.isPresent()) {
            work.accept(new SpoolSlot(file, owner.get(), clock));
          }
        }
      } finally {
        turn.close();
      }
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** True if {@code failure} is one of a disk without room. */
  boolean isFull(BackendException failure) {
    if (!failure.isPassing()) {
      return false;
    }
    if (failure.getCause() instanceof SQLException cause && SqliteDialect.isFull(cause)) {
      return true;
    }
    Path there = path;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    try {
      return there != null && Files.getFileStore(there).getUsableSpace() < LEAST_ROOM;
    } catch (IOException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  /** How many files others own just now, in this process or another. */
  int otherOwners() {
    try {
      LockFile turn = turn();
      try {
        int owned = 0;
        for (Path file : files(path -> FILE.matcher(name(path)).matches())) {
          Optional<OwnerLock> owner = OwnerLock.of(file);
          if (owner.isPresent()) {
            owner.get().close();
          } else {
            owned++;
          }
        }
        return owned - 1; // this one
      } finally {
        turn.close();
      }
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private List<Path> left() throws IOException {
    return files(file -> FILE.matcher(name(file)).matches() && !OwnerLock.isOurs(file));
  }

  /** Names of damaged files that were set aside. */
  List<String> setAside() {
    try {
      return files(SpoolFolder::isAside).stream().map(SpoolFolder::name).toList();
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  // A log counts only where the file is missing that it belongs to.
  private static boolean isAside(Path file) {
    String path = file.toString();
    boolean isLog = path.endsWith(SpoolSlot.WAL);
    String owner = isLog ? path.substring(0, path.length() - SpoolSlot.WAL.length()) : path;
    return name(file).contains(SpoolSlot.ASIDE) && (!isLog || !Files.exists(Path.of(owner)));
  }

  private List<Path> files(Predicate<Path> wanted) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(wanted).sorted().toList();
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private LockFile turn() throws IOException {
    return LockFile.beside(path.resolve("spool"));
  }

  private BackendException unusable(IOException failure) {
    return new BackendException(
        Kind.UNAVAILABLE,
        "%s cannot be used as the folder of a spool; check that it can be written (%s)"
            .formatted(path, failure),
        failure);
  }
}

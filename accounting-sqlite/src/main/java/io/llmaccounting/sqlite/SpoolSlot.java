package io.llmaccounting.sqlite;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of a spool's folder, owned by this process. Whatever uses it finds it intact: a damaged
 * file is set aside under another name, and what can be saved of it is in a new one. Confined to
 * one thread at once.
 */
final class SpoolSlot {
  static final String ASIDE = ".damaged-";

  private static final Logger LOG = LoggerFactory.getLogger(SpoolSlot.class);
  static final String WAL = "-wal";
  private static final String SHM = "-shm";

  private final Path path;
  private final OwnerLock lock;
  private final InstantSource clock;
  private @Nullable SpoolFile file;

  SpoolSlot(Path path, OwnerLock lock, InstantSource clock) {
    this.path = path;
    this.lock = lock;
    this.clock = clock;
  }

  /** Something that uses a file; run again from the start on what was saved of a damaged one. */
  interface Work<T extends @Nullable Object> {
    T run(SpoolFile file) throws SQLException;
  }

  Path path() {
    return path;
  }

  /**
   * Runs {@code work}.
   *
   * @throws BackendException if it failed
   */
  <T extends @Nullable Object> T use(Work<T> work) {
    try {
      try {
        return work.run(open());
      } catch (SpoolDamage damage) {
        repair(damage);
        return work.run(open());
      }
    } catch (SQLException e) {
      throw new SqliteDialect(path).translate(e);
    } catch (IOException e) {
      throw unusable(e);
    } finally {
      closeIfBroken();
    }
  }

  private BackendException unusable(IOException failure) {
    return new BackendException(
        Kind.UNAVAILABLE,
        "%s could not be read or written; check its folder and disk (%s)".formatted(path, failure),
        failure);
  }

  private SpoolFile open() throws SQLException, IOException {
    SpoolFile current = file;
    if (current == null) {
      finishRepair();
      current = SpoolFile.open(path);
      file = current;
    }
    return current;
  }

  private void closeIfBroken() {
    SpoolFile current = file;
    if (current != null && current.isBroken()) {
      closeFile();
    }
  }

  private void closeFile() {
    SpoolFile current = file;
    file = null;
    if (current != null) {
      try {
        current.close();
      } catch (SQLException e) {
        LOG.warn("{} was closed, but not cleanly; nothing that it keeps is lost", path, e);
      }
    }
  }

  /** Saves what can be saved into a new file, then puts that into the place of the damaged one. */
  private void repair(SpoolDamage damage) throws SQLException, IOException {
    closeFile();
    List<SpoolRow> rows = Salvage.of(path);
    deleteFiles(repaired());
    try (SpoolFile fresh = SpoolFile.open(repaired())) {
      fresh.write(
          session -> {
            for (SpoolRow row : rows) {
              SpoolTable.insertOnce(session, row);
            }
            SpoolTable.leap(session);
            SpoolAmounts.markIncomplete(session);
            return rows.size();
          });
    }
    Path aside = aside();
    Files.move(path, aside);
    finishRepair();
    LOG.error(
        "{} was damaged ({}) and is set aside as {}; {} calls were saved from it, of which {} are"
            + " dead letters; compare it with a backup, then delete it",
        path,
        damage.getMessage(),
        aside.getFileName(),
        rows.size(),
        rows.stream().filter(SpoolRow::isBuried).count());
  }

  private Path aside() {
    String name = path.getFileName() + ASIDE + clock.instant().toEpochMilli();
    Path aside = path.resolveSibling(name);
    for (int more = 2; Files.exists(aside); more++) {
      aside = path.resolveSibling(name + "-" + more);
    }
    return aside;
  }

  // This also serves after a process died while it repaired: the damaged file is out of the way
  // already, or the new one is not complete.
  private void finishRepair() throws IOException {
    if (!Files.exists(repaired())) {
      return;
    }
    if (Files.exists(path)) {
      deleteFiles(repaired());
      return;
    }
    Path log = beside(path, WAL);
    if (Files.exists(log)) {
      Files.move(log, beside(lastAside(), WAL));
    }
    Files.deleteIfExists(beside(path, SHM));
    Files.move(repaired(), path, StandardCopyOption.ATOMIC_MOVE);
  }

  // The log is moved beside the file that it belongs to, also where a kill came between the two
  // moves.
  private Path lastAside() throws IOException {
    try (Stream<Path> files = Files.list(path.resolveSibling("."))) {
      return files
          .map(Path::normalize)
          .filter(file -> file.toString().startsWith(path + ASIDE))
          .filter(file -> !file.toString().endsWith(WAL))
          .max(Comparator.naturalOrder())
          .orElseGet(this::aside);
    }
  }

  private Path repaired() {
    return path.resolveSibling(path.getFileName() + ".repaired");
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private static void deleteFiles(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.deleteIfExists(beside(file, WAL));
    Files.deleteIfExists(beside(file, SHM));
  }

  /** Deletes the file, which keeps nothing any more, and lets it be owned by others. */
  void delete() {
    closeFile();
    try {
      deleteFiles(path);
    } catch (IOException e) {
      throw unusable(e);
    } finally {
      release();
    }
  }

  /** Closes the file and lets it be owned by others. */
  void close() {
    closeFile();
    release();
  }

  private void release() {
    try {
      lock.close();
    } catch (IOException e) {
      throw unusable(e);
    }
  }
}

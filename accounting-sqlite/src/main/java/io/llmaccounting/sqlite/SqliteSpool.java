package io.llmaccounting.sqlite;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.DeadLetter;
import io.llmaccounting.backend.DeadLetters;
import io.llmaccounting.backend.OpenAmounts;
import io.llmaccounting.backend.OpenLimit;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.SpoolEntry;
import io.llmaccounting.backend.SpoolFullException;
import io.llmaccounting.backend.SpoolState;
import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.SqlWork;
import io.llmaccounting.sqlite.SpoolTable.Counts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A spool in a local folder, in SQLite files of its own. Any number of processes of one machine may
 * share the folder: each has a file, and takes over what others left behind. Never put it on a
 * network file system. Safe for use by many threads.
 */
public final class SqliteSpool implements Spool {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteSpool.class);
  private static final int ROWS_AT_A_TIME = 500;
  private static final long LOOK_MILLIS = 2_000;

  private final SpoolFolder folder;
  private final SpoolSettings settings;
  // The lock is fair: a thread that takes over a large file, a slice at a time, lets others in
  // between.
  private final ReentrantLock lock = new ReentrantLock(true);
  private final ReentrantLock adopting = new ReentrantLock();
  private final Set<Path> complainedOf = new HashSet<>();
  private boolean closed;
  private @Nullable SpoolSlot slot;
  private @Nullable Counted counted;

  private record Counted(SpoolFile file, long foreignWrites, Counts counts) {}

  private SqliteSpool(SpoolFolder folder, SpoolSettings settings) {
    this.folder = folder;
    this.settings = settings;
  }

  /**
   * Opens the spool in {@code folder} with default settings, creating it as needed. On a disk that
   * is full it opens all the same, so that the application starts: that is logged as an error, and
   * calls that use the spool fail until there is room.
   *
   * @throws BackendException UNAVAILABLE if the folder cannot be used, UNUSABLE if a newer version
   *     of this library wrote it
   */
  public static SqliteSpool at(Path folder) {
    return at(folder, SpoolSettings.defaults());
  }

  /**
   * Opens the spool in {@code folder}, creating it as needed.
   *
   * @throws BackendException as {@link #at(Path)} says
   */
  public static SqliteSpool at(Path folder, SpoolSettings settings) {
    Objects.requireNonNull(folder, "folder is required, was null");
    SpoolFolder place = new SpoolFolder(folder, settings.clock());
    SqliteSpool spool = new SqliteSpool(place, settings);
    boolean opened = false;
    try {
      spool.state();
      boolean unused = spool.adopt();
      opened = true;
    } catch (BackendException e) {
      if (!place.isFull(e)) {
        throw e;
      }
      LOG.error(
          "the disk of the spool in {} is full; nothing is kept there until it is not", folder, e);
      opened = true;
    } finally {
      if (!opened) {
        spool.close();
      }
    }
    return spool;
  }

  @Override
  public void append(List<SpooledCall> calls, Map<OpenLimit, Long> opened) {
    change(
        session -> {
          long before = SpoolFile.bytes(session);
          for (SpooledCall call : calls) {
            SpoolRow.of(call).insert(session);
          }
          for (Map.Entry<OpenLimit, Long> more : opened.entrySet()) {
            SpoolAmounts.add(session, more.getKey(), more.getValue());
          }
          requireRoom(session, before);
          return new Counts(calls.size(), 0);
        });
  }

  // The size is checked after the write, because only then it is known; if it is too large, the
  // transaction is rolled back.
  private void requireRoom(SqlSession session, long before) throws SQLException {
    long bytes = SpoolFile.bytes(session);
    if (bytes > settings.maxBytes() && bytes > before) {
      throw new SpoolFullException(
          "the spool in " + folder.path(),
          Math.min(before, settings.maxBytes()),
          settings.maxBytes());
    }
  }

  @Override
  public List<SpoolEntry> read(long after, int count) {
    List<SpoolEntry> page = read(session -> SpoolTable.waiting(session, after, count));
    if (page.size() < count && adopt()) {
      page = read(session -> SpoolTable.waiting(session, after, count));
    }
    return page;
  }

  @Override
  public void remove(Set<Long> positions) {
    change(session -> new Counts(-SpoolTable.remove(session, positions), 0));
  }

  @Override
  public DeadLetters deadLetters() {
    return new Dead();
  }

  @Override
  public OpenAmounts openAmounts() {
    return new Opened();
  }

  @Override
  public SpoolState state() {
    // whoever looks does not wait for a disk that hangs
    if (!tryLock()) {
      throw new BackendException(
          BackendException.Kind.UNAVAILABLE,
          "the spool in " + folder.path() + " is being written to; ask again");
    }
    try {
      return stateNow();
    } finally {
      lock.unlock();
    }
  }

  private boolean tryLock() {
    try {
      return lock.tryLock(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return lock.tryLock();
    }
  }

  private SpoolState stateNow() {
    List<String> setAside =
        locked(() -> Files.exists(folder.path()) ? folder.setAside() : List.of());
    return use(
        file ->
            file.read(
                session -> {
                  Counts counts = counts(file, session);
                  return new SpoolState(
                      counts.rows() - counts.dead(),
                      counts.dead(),
                      SpoolFile.bytes(session),
                      settings.maxBytes(),
                      SpoolTable.oldest(session),
                      setAside);
                }));
  }

  // Counting reads every row, so it is done once, and again only where somebody else has written.
  private Counts counts(SpoolFile file, SqlSession session) throws SQLException {
    long writes = SpoolFile.foreignWrites(session);
    Counted known = counted;
    if (known == null || known.file() != file || known.foreignWrites() != writes) {
      known = new Counted(file, writes, SpoolTable.counts(session));
      counted = known;
    }
    return known.counts();
  }

  /** Takes over the calls of processes that are gone; false if there were none. */
  private boolean adopt() {
    long[] moved = {0};
    if (adopting.tryLock()) {
      try {
        folder.forEachLeft(left -> moved[0] += adopt(left));
      } finally {
        adopting.unlock();
      }
    }
    return moved[0] > 0;
  }

  private long adopt(SpoolSlot left) {
    long moved = 0;
    boolean empty = false;
    try {
      for (List<SpoolRow> rows = rows(left); !rows.isEmpty(); rows = rows(left)) {
        move(rows, left);
        moved += rows.size();
      }
      empty = left.use(file -> file.read(SpoolAmounts::isUntouched));
    } catch (SpoolFullException | BackendException e) {
      if (complainedOf.add(left.path())) {
        LOG.warn("what is left in {} cannot be taken over now", left.path(), e);
      }
    } finally {
      if (empty) {
        left.delete();
      } else {
        left.close();
      }
    }
    return moved;
  }

  private static List<SpoolRow> rows(SpoolSlot left) {
    return left.use(file -> file.read(session -> SpoolTable.rows(session, 0, ROWS_AT_A_TIME)));
  }

  // If the process dies in between, calls are in both files; the ledger books them once.
  private void move(List<SpoolRow> rows, SpoolSlot left) {
    change(
        session -> {
          long before = SpoolFile.bytes(session);
          for (SpoolRow row : rows) {
            row.at(0).insert(session);
          }
          requireRoom(session, before);
          return new Counts(rows.size(), rows.stream().filter(SpoolRow::isBuried).count());
        });
    left.use(
        file ->
            file.write(
                session -> {
                  SpoolTable.removeRows(session, rows);
                  return true;
                }));
  }

  private <T extends @Nullable Object> T read(SqlWork<T> work) {
    return use(file -> file.read(work));
  }

  /** Runs {@code work}, which says how many rows more there are; true if there is a difference. */
  private boolean change(SqlWork<Counts> work) {
    return use(
        file -> {
          Counts more = file.write(work);
          Counted known = counted;
          if (known != null && known.file() == file) {
            counted = new Counted(file, known.foreignWrites(), known.counts().plus(more));
          }
          return more.rows() != 0 || more.dead() != 0;
        });
  }

  private <T extends @Nullable Object> T use(SpoolSlot.Work<T> work) {
    return locked(
        () -> {
          SpoolSlot own = slot;
          if (own == null) {
            own = folder.take();
            slot = own;
          }
          return own.use(work);
        });
  }

  private <T extends @Nullable Object> T locked(Supplier<T> work) {
    lock.lock();
    try {
      if (closed) {
        throw new BackendException(
            BackendException.Kind.CLOSED,
            "the spool in " + folder.path() + " is closed; open it again to use it");
      }
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /**
   * How many other processes have this spool open; the calls that they keep are theirs while they
   * run.
   */
  public int otherOwners() {
    return locked(folder::otherOwners);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        SpoolSlot own = slot;
        if (own != null) {
          own.close();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private final class Dead implements DeadLetters {
    @Override
    public boolean bury(long position, String reason) {
      Instant now = settings.clock().instant();
      String storable = DeadLetter.storable(reason);
      return change(session -> new Counts(0, SpoolTable.bury(session, position, storable, now)));
    }

    @Override
    public List<DeadLetter> list(long after, int count) {
      return read(session -> SpoolTable.dead(session, after, count));
    }

    @Override
    public boolean restore(long position) {
      return change(session -> new Counts(0, -SpoolTable.restore(session, position)));
    }

    @Override
    public boolean discard(long position) {
      return change(
          session -> {
            int discarded = SpoolTable.discard(session, position);
            return new Counts(-discarded, -discarded);
          });
    }
  }

  private final class Opened implements OpenAmounts {
    @Override
    public Map<OpenLimit, Long> sums() {
      return read(SpoolAmounts::sums);
    }

    @Override
    public boolean complete() {
      return read(SpoolAmounts::complete);
    }

    @Override
    public void reset(Map<OpenLimit, Long> rest) {
      change(
          session -> {
            SpoolAmounts.reset(session, rest);
            return new Counts(0, 0);
          });
    }
  }
}

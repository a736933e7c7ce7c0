package io.llmaccounting.sql.retention;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BaseCarrier;
import io.llmaccounting.backend.PurgeSlice;
import io.llmaccounting.backend.PurgedSlice;
import io.llmaccounting.sql.Columns;
import io.llmaccounting.sql.CounterRows;
import io.llmaccounting.sql.LedgerClock;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.MultiRow;
import io.llmaccounting.sql.RecordLocks;
import io.llmaccounting.sql.RecordsById;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlLimitStore;
import io.llmaccounting.sql.SqlQuery;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.StoreSettings;
import io.llmaccounting.sql.report.OldRecords;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Removes records a slice at a time and writes the bases that take their place, in one transaction.
 * Processes that do so at the same time take turns, because bases are read before they are written.
 * Safe for use by many threads.
 */
public final class UsageRemoval {
  private final LedgerClock clock;
  private final CounterRows bases;
  private final RecordLocks locks;
  private final RecordsById read;
  private final MultiRow deleteAdjustments;
  private final MultiRow deleteRecords;

  /** Renders the statements. */
  public UsageRemoval(SqlDialect dialect, LedgerClock clock) {
    this.clock = clock;
    this.bases = CounterRows.ofBases(dialect);
    this.locks = new RecordLocks(dialect);
    this.read = new RecordsById(dialect);
    this.deleteAdjustments =
        new MultiRow(
            dialect,
            "DELETE FROM usage_adjustment AS a WHERE "
                + dialect.shards().one("a")
                + "a.usage_id IN (",
            1,
            ")");
    this.deleteRecords =
        new MultiRow(
            dialect,
            "DELETE FROM usage_event AS e WHERE " + dialect.shards().one("e") + "e.id IN (",
            1,
            ")");
  }

  /** A record to be removed. */
  private record Old(UUID id, long chargedAt, @Nullable String project) {}

  /**
   * Moves the purge horizon to {@code before} unless it is there already, which keeps ledgers out
   * until the transaction ends, as it does every other removal and every change of a limit.
   */
  public static void begin(SqlSession session, Instant before) throws SQLException {
    long wanted = Micros.of(before);
    // Looked at without a lock first: whoever waits for all ledgers must hold nothing. It never
    // moves back.
    if (StoreSettings.PURGE_HORIZON.read(session) < wanted) {
      StoreSettings.keepLedgersOut(session);
    }
    StoreSettings.RECORDS_REVISION.read(session, SqlDialect.RowLock.EXCLUSIVE);
    long horizon = StoreSettings.PURGE_HORIZON.read(session, SqlDialect.RowLock.EXCLUSIVE);
    if (horizon < wanted) {
      StoreSettings.PURGE_HORIZON.add(session, wanted - horizon);
    }
  }

  /** Tells a process that counts records meanwhile that some are removed. */
  public static void removes(SqlSession session) throws SQLException {
    StoreSettings.RECORDS_REVISION.next(session);
  }

  static void requireBehind(long horizon, Instant before) {
    if (Micros.of(before) > horizon) {
      throw new BackendException(
          BackendException.Kind.REJECTED,
          "nothing after the purge horizon %s can be removed, but %s was asked for; remove records first"
              .formatted(Micros.instant(horizon), before));
    }
  }

  /**
   * Asks the carrier which of the records to be removed it wants: those charged at or after the
   * instant returned.
   */
  public Instant ask(SqlSession session, BaseCarrier carrier) throws SQLException {
    return carrier.begin(SqlLimitStore.all(session), clock.now(session));
  }

  /** Removes the first records of the slice. */
  public PurgedSlice remove(SqlSession session, PurgeSlice slice, BaseCarrier carrier)
      throws SQLException {
    List<Old> old = find(session, slice);
    if (old.isEmpty()) {
      return new PurgedSlice(0, slice.after(), true);
    }
    SortedMap<Integer, List<UUID>> places = places(session, old);
    locks.lock(session, places);
    long wanted = Micros.of(ask(session, carrier));
    List<Old> counted = old.stream().filter(one -> one.chargedAt() >= wanted).toList();
    read.readEach(session, places(session, counted), carrier::accept);
    carry(session, carrier);
    removes(session);
    deleteAdjustments.queryEach(session, places, (id, to) -> to.id(id), null);
    deleteRecords.queryEach(session, places, (id, to) -> to.id(id), null);
    return new PurgedSlice(old.size(), old.get(old.size() - 1).id(), old.size() < slice.count());
  }

  private static SortedMap<Integer, List<UUID>> places(SqlSession session, List<Old> records) {
    SortedMap<Integer, List<UUID>> places = new TreeMap<>();
    session
        .dialect()
        .shards()
        .split(records, Old::project)
        .forEach((shard, some) -> places.put(shard, some.stream().map(Old::id).toList()));
    return places;
  }

  private void carry(SqlSession session, BaseCarrier carrier) throws SQLException {
    var touched = carrier.touched();
    if (!touched.isEmpty()) {
      bases.write(session, carrier.carried(bases.lock(session, touched)));
    }
  }

  // Nobody else removes records meanwhile, so what is found without a lock is there to be locked.
  private static List<Old> find(SqlSession session, PurgeSlice slice) throws SQLException {
    SqlDialect dialect = session.dialect();
    SqlQuery query = new SqlQuery().add("SELECT e.id, e.charged_at, e.project");
    OldRecords.add(dialect, slice.before(), slice.filter(), query);
    if (slice.after() != null) {
      query.add(" AND e.id > ").id(slice.after());
    }
    query.add(" ORDER BY e.id LIMIT ").number(slice.count());
    List<Old> old = new ArrayList<>();
    try (SqlQuery.Rows rows = query.open(session)) {
      while (rows.next()) {
        Columns from = rows.columns();
        old.add(new Old(from.id(), from.number(), from.optionalText()));
      }
    }
    return old;
  }
}

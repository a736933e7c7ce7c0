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
import java.util.UUID;

/**
 * Removes records a slice at a time and writes the bases that take their place, in one transaction.
 * Processes that do so at the same time take turns, because bases are read before they are written.
 * Safe for use by many threads.
 */
public final class UsageRemoval {
  private final LedgerClock clock;
  private final CounterRows bases;
  private final RecordsById read;
  private final MultiRow deleteAdjustments;
  private final MultiRow deleteRecords;

  /** Renders the statements. */
  public UsageRemoval(SqlDialect dialect, LedgerClock clock) {
    this.clock = clock;
    this.bases = CounterRows.ofBases(dialect);
    String ofEvents = " WHERE " + dialect.shards().anywhere("e") + "e.id IN (";
    this.read = new RecordsById(dialect);
    this.deleteAdjustments =
        new MultiRow(
            dialect,
            "DELETE FROM usage_adjustment AS a WHERE "
                + dialect.shards().anywhere("a")
                + "a.usage_id IN (",
            1,
            ")");
    this.deleteRecords = new MultiRow(dialect, "DELETE FROM usage_event AS e" + ofEvents, 1, ")");
  }

  /** A record to be removed. */
  private record Old(UUID id, long chargedAt) {}

  /**
   * Keeps every other removal, and every change of a limit, out until the transaction ends.
   *
   * @throws BackendException REJECTED if {@code before} lies behind the purge horizon
   */
  public static void begin(SqlSession session, Instant before) throws SQLException {
    StoreSettings.RECORDS_REVISION.read(session, SqlDialect.RowLock.EXCLUSIVE);
    long horizon = StoreSettings.PURGE_HORIZON.read(session, SqlDialect.RowLock.EXCLUSIVE);
    requireBehind(horizon, before);
  }

  /** Tells a process that counts records meanwhile that some are removed. */
  public static void removes(SqlSession session) throws SQLException {
    StoreSettings.RECORDS_REVISION.next(session);
  }

  static void requireBehind(long horizon, Instant before) {
    if (Micros.of(before) > horizon) {
      throw new BackendException(
          BackendException.Kind.REJECTED,
          "nothing after the purge horizon %s can be removed, but %s was asked for; move the horizon first"
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
    long wanted = Micros.of(ask(session, carrier));
    List<UUID> counted =
        old.stream().filter(one -> one.chargedAt() >= wanted).map(Old::id).toList();
    read.read(session, counted, carrier::accept);
    carry(session, carrier);
    removes(session);
    List<UUID> ids = old.stream().map(Old::id).toList();
    deleteAdjustments.update(session, ids, (id, to) -> to.id(id));
    deleteRecords.update(session, ids, (id, to) -> to.id(id));
    return new PurgedSlice(ids.size(), ids.get(ids.size() - 1), ids.size() < slice.count());
  }

  private void carry(SqlSession session, BaseCarrier carrier) throws SQLException {
    var touched = carrier.touched();
    if (!touched.isEmpty()) {
      bases.write(session, carrier.carried(bases.lock(session, touched)));
    }
  }

  private static List<Old> find(SqlSession session, PurgeSlice slice) throws SQLException {
    SqlDialect dialect = session.dialect();
    SqlQuery query = new SqlQuery().add("SELECT e.id, e.charged_at");
    OldRecords.add(dialect, slice.before(), slice.filter(), query);
    if (slice.after() != null) {
      query.add(" AND e.id > ").id(slice.after());
    }
    query.add(" ORDER BY e.id LIMIT ").number(slice.count());
    String lock = dialect.locking(SqlDialect.RowLock.EXCLUSIVE);
    query.add(lock.isEmpty() ? lock : lock + " OF e");
    List<Old> old = new ArrayList<>();
    try (SqlQuery.Rows rows = query.open(session)) {
      while (rows.next()) {
        Columns from = rows.columns();
        old.add(new Old(from.id(), from.number()));
      }
    }
    return old;
  }
}

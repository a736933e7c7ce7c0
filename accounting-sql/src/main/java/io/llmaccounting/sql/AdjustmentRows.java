package io.llmaccounting.sql;

import static java.util.stream.Collectors.joining;

import io.llmaccounting.backend.Adjustment;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Saturated;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageTotals;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Corrected costs beside the records they correct, which stay as they are, and in rollups. Safe for
 * use by many threads.
 */
final class AdjustmentRows {
  private final Shards shards;
  private final RecordLocks locks;
  private final RecordsById read;
  private final MultiRow sequences;
  private final HistoryRows rows;
  private final String addToRollup;

  AdjustmentRows(SqlDialect dialect) {
    this.shards = dialect.shards();
    this.locks = new RecordLocks(dialect);
    this.read = new RecordsById(dialect);
    this.sequences =
        new MultiRow(
            dialect,
            "SELECT a.usage_id, max(a.seq) FROM usage_adjustment a WHERE "
                + shards.one("a")
                + "a.usage_id IN (",
            1,
            ") GROUP BY a.usage_id");
    this.rows = HistoryRows.of(dialect);
    this.addToRollup =
        "UPDATE usage_rollup AS r SET "
            + Rollups.SUMS.stream()
                .map(sum -> sum + " = " + SaturatedSql.CHANGED.formatted(sum))
                .collect(joining(", "))
            + " WHERE "
            + shards.one("r")
            + RollupKey.IS_THIS;
  }

  /**
   * What became of records, and records that were there, locked.
   *
   * @param records what became of the records to be stored
   * @param read the existing records among those asked for by id
   */
  record Locked(StoredRecords records, Map<UUID, RecordedUsage> read) {}

  /**
   * Locks the records in {@code read}, together with those that a repeated call may correct. This
   * comes after the new records are stored, because all keys and all new records are locked before
   * any record that is there.
   */
  Locked lock(
      SqlSession session, List<RecordedUsage> stamped, StoredRecords found, Collection<UUID> read)
      throws SQLException {
    Map<UUID, RecordedUsage> locked =
        lock(session, places(session, mayChange(stamped, found.twins()), read));
    Map<UUID, RecordedUsage> twins = new HashMap<>(found.twins());
    twins.replaceAll((id, twin) -> locked.getOrDefault(twin.usage().id(), twin));
    locked.keySet().retainAll(Set.copyOf(read));
    return new Locked(
        new StoredRecords(found.fresh(), twins, found.tooOld(), found.others()), locked);
  }

  // one of two reports may correct the other: transactions that do so must go one after the other
  private static List<Usage> mayChange(
      List<RecordedUsage> stamped, Map<UUID, RecordedUsage> twins) {
    List<Usage> mayChange = new ArrayList<>();
    for (RecordedUsage told : stamped) {
      RecordedUsage twin = twins.get(told.usage().id());
      if (twin != null
          && (twin.currentFigures().areProvisional() || told.currentFigures().areProvisional())) {
        mayChange.add(twin.usage());
      }
    }
    return mayChange;
  }

  private SortedMap<Integer, List<UUID>> places(
      SqlSession session, List<Usage> known, Collection<UUID> ids) throws SQLException {
    Set<UUID> others = new HashSet<>(ids);
    known.forEach(usage -> others.remove(usage.id()));
    SortedMap<Integer, List<UUID>> places = locks.places(session, others);
    shards
        .split(known, usage -> usage.attribution().project())
        .forEach(
            (shard, usages) ->
                usages.forEach(
                    usage ->
                        places.computeIfAbsent(shard, first -> new ArrayList<>()).add(usage.id())));
    return places;
  }

  // locks all records, then reads them as they were when locked
  private Map<UUID, RecordedUsage> lock(SqlSession session, SortedMap<Integer, List<UUID>> places)
      throws SQLException {
    Map<UUID, RecordedUsage> records = new HashMap<>();
    locks.lock(session, places);
    read.readEach(session, places, record -> records.put(record.usage().id(), record));
    return records;
  }

  /** The last sequence of what is known of each of these records, where anything is. */
  Map<UUID, Long> sequences(SqlSession session, List<Adjustment> adjustments) throws SQLException {
    Map<UUID, Long> last = new HashMap<>();
    sequences.queryEach(
        session,
        shards.split(adjustments, one -> one.before().usage().attribution().project()),
        (adjustment, to) -> to.id(adjustment.before().usage().id()),
        row -> {
          Columns from = new Columns(row, session.dialect());
          last.put(from.id(), from.number());
        });
    return last;
  }

  /** Writes corrections; {@code sequences} are the last of what was known before. */
  void write(
      SqlSession session, List<Adjustment> adjustments, Map<UUID, Long> sequences, Instant now)
      throws SQLException {
    Pipeline alone = new Pipeline(session);
    rows.write(alone, adjustments, sequences, now);
    alone.run();
  }

  /** The changes that adjustments make to rollups. */
  static SortedMap<RollupKey, long[]> ofRollups(
      SqlSession session, List<Adjustment> adjustments, LedgerNames.Batch names)
      throws SQLException {
    SortedMap<RollupKey, long[]> changes = new TreeMap<>();
    if (adjustments.isEmpty()) {
      return changes;
    }
    NameFold fold = names.fold(session, adjustments.stream().map(AdjustmentRows::key).toList());
    adjustments.forEach(adjustment -> add(changes, fold.fold(key(adjustment)), adjustment));
    return changes;
  }

  private static RollupKey key(Adjustment adjustment) {
    return RollupKey.finest(adjustment.before().usage());
  }

  private static void add(Map<RollupKey, long[]> changes, RollupKey finest, Adjustment adjustment) {
    long[] before = Rollups.sums(UsageTotals.of(adjustment.before()));
    long[] change = Rollups.sums(UsageTotals.of(adjustment.after()));
    for (int i = 0; i < change.length; i++) {
      change[i] = Saturated.sum(change[i], -before[i]);
    }
    changes.merge(finest, change, AdjustmentRows::plus);
    changes.merge(finest.ofDay(), change, AdjustmentRows::plus);
    changes.merge(finest.coarse(), change, AdjustmentRows::plus);
    changes.merge(finest.ofDay().coarse(), change, AdjustmentRows::plus);
  }

  static long[] plus(long[] one, long[] other) {
    long[] sums = new long[one.length];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Saturated.sum(one[i], other[i]);
    }
    return sums;
  }

  /** Changes a row; one that was purged is not made again. */
  void addToRollup(SqlSession session, RollupKey key, long[] change) throws SQLException {
    PreparedStatement statement = session.prepare(addToRollup);
    Parameters to = new Parameters(statement, session.dialect());
    for (long sum : change) {
      to.number(Math.max(0, sum)).number(Math.min(0, sum)).number(sum);
    }
    key.bind(shards.bindOne(shards.of(key.project()), to));
    statement.executeUpdate();
  }
}

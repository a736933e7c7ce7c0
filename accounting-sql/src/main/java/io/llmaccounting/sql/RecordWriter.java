package io.llmaccounting.sql;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.Decider;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.backend.TooOld;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageTotals;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stores the records whose id and key are not there yet: exactly once, and adds them to rollups.
 * Only records that a statement returns are new; counts of rows are not trusted. Safe for use by
 * many threads.
 */
final class RecordWriter {
  private static final Comparator<RecordedUsage> BY_KEY_ORDER =
      Comparator.<RecordedUsage, String>comparing(recorded -> project(recorded.usage()))
          .thenComparing(recorded -> key(recorded.usage()));
  private static final Comparator<RecordedUsage> BY_ID_ORDER =
      Comparator.comparing(recorded -> recorded.usage().id());

  private final SqlDialect dialect;
  private final MultiRow keys;
  private final LeanInsert records;
  private final HistoryRows histories;
  private final LeanInsert rollups;
  private final AdjustmentRows adjustments;
  private final Shards shards;
  private final String deleteKey;
  private final String deletePurgedKey;
  private final RecordsById byId;
  private final MultiRow holders;

  RecordWriter(SqlDialect dialect, AdjustmentRows adjustments) {
    this.dialect = dialect;
    this.adjustments = adjustments;
    this.shards = dialect.shards();
    this.deleteKey =
        "DELETE FROM usage_key AS k WHERE "
            + shards.one("k")
            + "k.project = ? AND k.idempotency_key = ? AND k.usage_id = ?";
    this.deletePurgedKey =
        "DELETE FROM usage_key AS k WHERE "
            + shards.one("k")
            + "k.project = ? AND k.idempotency_key = ? AND NOT EXISTS (SELECT 1 FROM usage_event e"
            + " WHERE "
            + shards.together("e", "k")
            + "e.id = k.usage_id)";
    this.holders = holders(dialect);
    this.byId = new RecordsById(dialect);
    this.keys =
        insert(
            dialect,
            "usage_key",
            "project, idempotency_key, usage_id, fingerprint",
            " ON CONFLICT DO NOTHING RETURNING usage_id");
    this.records =
        new LeanInsert(
            dialect,
            "usage_event",
            UsageRow.COLUMNS,
            LeanInsert.Nothing.NULL,
            sent -> " ON CONFLICT DO NOTHING RETURNING id");
    this.histories = HistoryRows.of(dialect);
    this.rollups = Rollups.upsert(dialect);
  }

  private static MultiRow holders(SqlDialect dialect) {
    return new MultiRow(
        dialect,
        "SELECT k.project, k.idempotency_key, k.usage_id, k.fingerprint FROM usage_key k WHERE "
            + dialect.shards().one("k")
            + "(k.project, k.idempotency_key) IN (",
        2,
        ")");
  }

  private static MultiRow insert(SqlDialect dialect, String table, String columns, String after) {
    String all = dialect.shards().key(columns);
    return new MultiRow(
        dialect, "INSERT INTO " + table + " (" + all + ") ", all.split(",").length, after);
  }

  /**
   * Stores the records that are new, and finds for each of the others the record that has its id or
   * key.
   */
  StoredRecords store(
      SqlSession session, List<RecordedUsage> stamped, PurgeFilter purged, LedgerNames.Batch names)
      throws SQLException {
    if (stamped.isEmpty()) {
      return StoredRecords.NONE;
    }
    requireDistinct(stamped);
    List<RecordedUsage> admitted = stamped.stream().filter(purged::admits).toList();
    List<RecordedUsage> keyed =
        admitted.stream()
            .filter(recorded -> recorded.usage().key() != null)
            .sorted(BY_KEY_ORDER)
            .toList();
    Set<UUID> freshKeys = insertKeys(session, keyed);
    freshKeys.addAll(insertKeys(session, freed(session, keyed, freshKeys, purged)));
    List<RecordedUsage> candidates =
        admitted.stream()
            .filter(
                recorded ->
                    recorded.usage().key() == null || freshKeys.contains(recorded.usage().id()))
            .sorted(BY_ID_ORDER)
            .toList();
    Set<UUID> fresh = insertRecords(session, candidates, names);
    for (RecordedUsage recorded : keyed) {
      UUID id = recorded.usage().id();
      if (freshKeys.contains(id) && !fresh.contains(id)) {
        change(session, deleteKey, recorded.usage(), id);
      }
    }
    return compared(session, stamped, fresh, purged.horizon())
        .withOthers(names.others(candidates, fresh));
  }

  private StoredRecords compared(
      SqlSession session, List<RecordedUsage> stamped, Set<UUID> fresh, Instant horizon)
      throws SQLException {
    List<Usage> others =
        stamped.stream()
            .map(RecordedUsage::usage)
            .filter(usage -> !fresh.contains(usage.id()))
            .toList();
    Map<UUID, RecordedUsage> known =
        byId(session, places(others, RecordWriter::project, Usage::id));
    Map<List<String>, Holder> holders =
        holders(
            session,
            others.stream()
                .filter(usage -> usage.key() != null && !known.containsKey(usage.id()))
                .toList());
    known.putAll(
        byId(
            session,
            places(
                holders.entrySet(), holder -> holder.getKey().get(0), held -> held.getValue().id)));
    Map<UUID, RecordedUsage> twins = new HashMap<>();
    Map<UUID, TooOld> tooOld = new HashMap<>();
    for (Usage usage : others) {
      Holder holder = holders.get(scoped(usage));
      RecordedUsage sameId = known.get(usage.id());
      RecordedUsage twin = sameId != null || holder == null ? sameId : known.get(holder.id);
      if (twin == null) {
        tooOld.put(usage.id(), tooOld(usage, holder, horizon));
      } else {
        twins.put(usage.id(), twin);
      }
    }
    return new StoredRecords(fresh, twins, tooOld);
  }

  private static void requireDistinct(List<RecordedUsage> stamped) {
    Set<UUID> ids = new HashSet<>();
    Set<List<String>> keys = new HashSet<>();
    for (RecordedUsage recorded : stamped) {
      Usage usage = recorded.usage();
      boolean repeats = usage.key() != null && !keys.add(scoped(usage));
      if (!ids.add(usage.id()) || repeats) {
        throw new BackendException(
            BackendException.Kind.REJECTED,
            "a batch must store each id and key once, was given again: " + usage);
      }
    }
  }

  private Set<UUID> insertKeys(SqlSession session, List<RecordedUsage> keyed) throws SQLException {
    Set<UUID> ids = new HashSet<>();
    keys.query(
        session,
        keyed,
        sharded(
            (recorded, to) ->
                to.text(project(recorded.usage()))
                    .text(key(recorded.usage()))
                    .id(recorded.usage().id())
                    .bytes(ContentFingerprint.of(recorded.usage()))),
        into(ids));
    return ids;
  }

  /** The records that may take over the key of a record that was purged. */
  private List<RecordedUsage> freed(
      SqlSession session, List<RecordedUsage> keyed, Set<UUID> freshKeys, PurgeFilter purged)
      throws SQLException {
    List<RecordedUsage> freed = new ArrayList<>();
    for (RecordedUsage recorded : keyed) {
      Usage usage = recorded.usage();
      if (!freshKeys.contains(usage.id())
          && purged.forces(recorded)
          && change(session, deletePurgedKey, usage) > 0) {
        freed.add(recorded);
      }
    }
    return freed;
  }

  private Set<UUID> insertRecords(
      SqlSession session, List<RecordedUsage> candidates, LedgerNames.Batch names)
      throws SQLException {
    Set<UUID> fresh = new HashSet<>();
    Pipeline pipeline = new Pipeline(session);
    records.add(pipeline, candidates, sharded(UsageRow::bind), into(fresh));
    names.look(pipeline, candidates);
    pipeline.run();
    return fresh;
  }

  private Pipeline.Reader into(Set<UUID> inserted) {
    return row -> inserted.add(new Columns(row, dialect).id());
  }

  private MultiRow.Binder<RecordedUsage> sharded(MultiRow.Binder<RecordedUsage> binder) {
    return (recorded, to) -> {
      shards.bind(recorded.usage().attribution().project(), to);
      binder.bind(recorded, to);
    };
  }

  /** The new records, the changes that corrections make to rollups, and where names are counted. */
  record Booked(
      List<RecordedUsage> fresh,
      SortedMap<RollupKey, long[]> corrections,
      LedgerNames.Batch names) {}

  /** Changes rollups in the order of their keys, whatever changes them. */
  void book(SqlSession session, Pipeline pipeline, Booked booked, Decider decider)
      throws SQLException {
    Rollups sums = new Rollups();
    for (RecordedUsage recorded : booked.fresh()) {
      sums.add(recorded, booked.names()::fold);
    }
    booked.names().register(pipeline);
    NavigableMap<RollupKey, UsageTotals> rest = sums.rows();
    for (Map.Entry<RollupKey, long[]> one : booked.corrections().entrySet()) {
      Rollups.write(pipeline, rollups, shards, rest.headMap(one.getKey(), true));
      pipeline.run();
      adjustments.addToRollup(session, one.getKey(), one.getValue());
      rest = rest.tailMap(one.getKey(), false);
    }
    Rollups.write(pipeline, rollups, shards, rest);
    histories.write(pipeline, booked.fresh(), decider);
  }

  private static int change(SqlSession session, String sql, Usage usage, UUID... ids)
      throws SQLException {
    PreparedStatement statement = session.prepare(sql);
    Shards shards = session.dialect().shards();
    Parameters to =
        shards
            .bindOne(shards.of(project(usage)), new Parameters(statement, session.dialect()))
            .text(project(usage))
            .text(key(usage));
    for (UUID id : ids) {
      to.id(id);
    }
    return statement.executeUpdate();
  }

  /** The record that has a key, and a fingerprint of what was recorded under the key. */
  private static final class Holder {
    final UUID id;
    final byte[] fingerprint;

    Holder(UUID id, byte[] fingerprint) {
      this.id = id;
      this.fingerprint = fingerprint;
    }
  }

  private <R> SortedMap<Integer, List<UUID>> places(
      Collection<R> rows, Function<R, @Nullable String> project, Function<R, UUID> id) {
    SortedMap<Integer, List<UUID>> places = new TreeMap<>();
    shards
        .split(rows, project)
        .forEach((shard, some) -> places.put(shard, some.stream().map(id).toList()));
    return places;
  }

  private Map<UUID, RecordedUsage> byId(SqlSession session, SortedMap<Integer, List<UUID>> places)
      throws SQLException {
    Map<UUID, RecordedUsage> found = new HashMap<>();
    byId.readEach(session, places, record -> found.put(record.usage().id(), record));
    return found;
  }

  private Map<List<String>, Holder> holders(SqlSession session, List<Usage> keyed)
      throws SQLException {
    Map<List<String>, Holder> found = new HashMap<>();
    holders.queryEach(
        session,
        shards.split(keyed, RecordWriter::project),
        (usage, to) -> to.text(project(usage)).text(key(usage)),
        row -> {
          Columns from = new Columns(row, session.dialect());
          found.put(List.of(from.text(), from.text()), new Holder(from.id(), from.bytes()));
        });
    return found;
  }

  private static List<String> scoped(Usage usage) {
    return List.of(project(usage), key(usage));
  }

  private static TooOld tooOld(Usage usage, @Nullable Holder holder, Instant horizon) {
    return holder == null
        ? new TooOld(usage.id(), horizon, false)
        : new TooOld(holder.id, horizon, ContentFingerprint.matches(holder.fingerprint, usage));
  }

  private static String project(Usage usage) {
    String project = usage.attribution().project();
    return project == null ? "" : project;
  }

  private static String key(Usage usage) {
    String key = usage.key();
    return key == null ? "" : key;
  }
}

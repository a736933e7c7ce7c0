package io.llmaccounting.sql;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.Decider;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.backend.TooOld;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageHistory;
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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stores the records whose id and key are not there yet: exactly once, and adds them to rollups.
 * Only what a statement returns is new; counts of rows are not trusted. Safe for use by many
 * threads.
 */
final class RecordWriter {
  private static final Comparator<RecordedUsage> BY_KEY_ORDER =
      Comparator.<RecordedUsage, String>comparing(recorded -> project(recorded.usage()))
          .thenComparing(recorded -> key(recorded.usage()));
  private static final Comparator<RecordedUsage> BY_ID_ORDER =
      Comparator.comparing(recorded -> recorded.usage().id());

  private final MultiRow keys;
  private final MultiRow records;
  private final MultiRow adjustments;
  private final MultiRow rollups;
  private final AdjustmentRows lockedRecords;
  private final Shards shards;
  private final String deleteKey;
  private final String deletePurgedKey;
  private final MultiRow byId;
  private final MultiRow holders;

  RecordWriter(Dialect dialect, AdjustmentRows lockedRecords) {
    this.lockedRecords = lockedRecords;
    this.shards = dialect.shards();
    this.deleteKey =
        "DELETE FROM usage_key AS k WHERE "
            + shards.anywhere("k")
            + "k.project = ? AND k.idempotency_key = ? AND k.usage_id = ?";
    this.deletePurgedKey =
        "DELETE FROM usage_key AS k WHERE "
            + shards.anywhere("k")
            + "k.project = ? AND k.idempotency_key = ? AND NOT EXISTS (SELECT 1 FROM usage_event e"
            + " WHERE "
            + shards.anywhere("e")
            + "e.id = k.usage_id)";
    this.holders =
        new MultiRow(
            dialect,
            "SELECT k.project, k.idempotency_key, k.usage_id, k.fingerprint FROM usage_key k WHERE "
                + shards.anywhere("k")
                + "(k.project, k.idempotency_key) IN (",
            2,
            ")");
    this.byId =
        new MultiRow(
            dialect,
            UsageRow.select(dialect) + " WHERE " + shards.anywhere("e") + "e.id IN (",
            1,
            ")");
    this.keys =
        insert(
            dialect,
            "usage_key",
            "project, idempotency_key, usage_id, fingerprint",
            " ON CONFLICT DO NOTHING RETURNING usage_id");
    String columns = String.join(", ", UsageRow.COLUMNS);
    this.records = insert(dialect, "usage_event", columns, " ON CONFLICT DO NOTHING RETURNING id");
    this.adjustments = insert(dialect, "usage_adjustment", AdjustmentRow.INSERTED, "");
    this.rollups = Rollups.upsert(dialect);
  }

  private static MultiRow insert(Dialect dialect, String table, String columns, String after) {
    String all = dialect.shards().key(columns);
    return new MultiRow(
        dialect, "INSERT INTO " + table + " (" + all + ") ", all.split(",").length, after);
  }

  /**
   * What became of records, and records that were there, locked.
   *
   * @param records of those to be stored
   * @param read those asked for by their ids that exist
   */
  record Stored(StoredRecords records, Map<UUID, RecordedUsage> read) {}

  /**
   * Stores what is new; then, as all keys and all new records come before any record that is there,
   * locks those in {@code read} together with those that what was given again may correct.
   */
  Stored store(
      SqlSession session, List<RecordedUsage> stamped, PurgeGate gate, Collection<UUID> read)
      throws SQLException {
    StoredRecords found = insert(session, stamped, gate);
    Set<UUID> locks = mayChange(stamped, found.twins());
    locks.addAll(read);
    Map<UUID, RecordedUsage> locked = lockedRecords.lock(session, locks);
    Map<UUID, RecordedUsage> twins = new HashMap<>(found.twins());
    twins.replaceAll((id, twin) -> locked.getOrDefault(twin.usage().id(), twin));
    locked.keySet().retainAll(Set.copyOf(read));
    return new Stored(new StoredRecords(found.fresh(), twins, found.tooOld()), locked);
  }

  private StoredRecords insert(SqlSession session, List<RecordedUsage> stamped, PurgeGate gate)
      throws SQLException {
    if (stamped.isEmpty()) {
      return StoredRecords.NONE;
    }
    requireDistinct(stamped);
    List<RecordedUsage> admitted = stamped.stream().filter(gate::admits).toList();
    List<RecordedUsage> keyed =
        admitted.stream()
            .filter(recorded -> recorded.usage().key() != null)
            .sorted(BY_KEY_ORDER)
            .toList();
    Set<UUID> freshKeys = insertKeys(session, keyed);
    freshKeys.addAll(insertKeys(session, freed(session, keyed, freshKeys, gate)));
    List<RecordedUsage> candidates =
        admitted.stream()
            .filter(
                recorded ->
                    recorded.usage().key() == null || freshKeys.contains(recorded.usage().id()))
            .sorted(BY_ID_ORDER)
            .toList();
    Set<UUID> fresh = insertRecords(session, candidates);
    for (RecordedUsage recorded : keyed) {
      UUID id = recorded.usage().id();
      if (freshKeys.contains(id) && !fresh.contains(id)) {
        change(session, deleteKey, recorded.usage(), id);
      }
    }
    return compared(session, stamped, fresh, gate.horizon());
  }

  private StoredRecords compared(
      SqlSession session, List<RecordedUsage> stamped, Set<UUID> fresh, Instant horizon)
      throws SQLException {
    List<Usage> others =
        stamped.stream()
            .map(RecordedUsage::usage)
            .filter(usage -> !fresh.contains(usage.id()))
            .toList();
    Map<UUID, RecordedUsage> known = byId(session, others.stream().map(Usage::id).toList());
    Map<List<String>, Holder> holders =
        holders(
            session,
            others.stream()
                .filter(usage -> usage.key() != null && !known.containsKey(usage.id()))
                .toList());
    known.putAll(byId(session, holders.values().stream().map(holder -> holder.id).toList()));
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

  // one of the two may follow the other: two that do so go one after the other
  private static Set<UUID> mayChange(List<RecordedUsage> stamped, Map<UUID, RecordedUsage> twins) {
    Set<UUID> mayChange = new HashSet<>();
    for (RecordedUsage told : stamped) {
      RecordedUsage twin = twins.get(told.usage().id());
      if (twin != null
          && (twin.currentFigures().areProvisional() || told.currentFigures().areProvisional())) {
        mayChange.add(twin.usage().id());
      }
    }
    return mayChange;
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
    return inserted(
        session,
        keys,
        keyed,
        (recorded, to) ->
            to.text(project(recorded.usage()))
                .text(key(recorded.usage()))
                .id(recorded.usage().id())
                .bytes(ContentFingerprint.of(recorded.usage())));
  }

  /** Those that may take over the key of a record that was purged. */
  private List<RecordedUsage> freed(
      SqlSession session, List<RecordedUsage> keyed, Set<UUID> freshKeys, PurgeGate gate)
      throws SQLException {
    List<RecordedUsage> freed = new ArrayList<>();
    for (RecordedUsage recorded : keyed) {
      Usage usage = recorded.usage();
      if (!freshKeys.contains(usage.id())
          && gate.forces(recorded)
          && change(session, deletePurgedKey, usage) > 0) {
        freed.add(recorded);
      }
    }
    return freed;
  }

  private Set<UUID> insertRecords(SqlSession session, List<RecordedUsage> candidates)
      throws SQLException {
    return inserted(session, records, candidates, UsageRow::bind);
  }

  private Set<UUID> inserted(
      SqlSession session,
      MultiRow statement,
      List<RecordedUsage> rows,
      MultiRow.Binder<RecordedUsage> binder)
      throws SQLException {
    Set<UUID> ids = new HashSet<>();
    statement.query(
        session, rows, sharded(binder), row -> ids.add(new Columns(row, session.dialect()).id()));
    return ids;
  }

  private MultiRow.Binder<RecordedUsage> sharded(MultiRow.Binder<RecordedUsage> binder) {
    return (recorded, to) -> {
      shards.bind(recorded.usage().attribution().project(), to);
      binder.bind(recorded, to);
    };
  }

  /** What is fresh, and what corrections change of rollups. */
  record Booked(List<RecordedUsage> fresh, SortedMap<RollupKey, long[]> corrections) {}

  /** Changes rollups in the order of their keys, whatever changes them. */
  void book(SqlSession session, Pipeline pipeline, Booked booked, Decider decider)
      throws SQLException {
    Rollups sums = new Rollups();
    List<KnownLater> adjusted = new ArrayList<>();
    for (RecordedUsage recorded : booked.fresh()) {
      sums.add(recorded);
      if (recorded.isAdjusted()) {
        addAdjustments(recorded, decider.adjustments(recorded.usage().id()), adjusted);
      }
    }
    NavigableMap<RollupKey, UsageTotals> rest = sums.rows();
    for (Map.Entry<RollupKey, long[]> one : booked.corrections().entrySet()) {
      Rollups.write(pipeline, rollups, shards, rest.headMap(one.getKey(), true));
      pipeline.run();
      lockedRecords.addToRollup(session, one.getKey(), one.getValue());
      rest = rest.tailMap(one.getKey(), false);
    }
    Rollups.write(pipeline, rollups, shards, rest);
    adjustments.add(
        pipeline,
        adjusted,
        (known, to) -> {
          Usage usage = known.record.usage();
          shards.bind(usage.attribution().project(), to);
          to.id(usage.id()).number(known.seq);
          AdjustmentRow.bind(known.record, known.adjustment, to);
        });
  }

  /** What was known of a record elsewhere before it came here. */
  private record KnownLater(RecordedUsage record, long seq, UsageAdjustment adjustment) {}

  private static void addAdjustments(
      RecordedUsage record, List<UsageAdjustment> known, List<KnownLater> to) {
    long seq = 0;
    for (UsageAdjustment adjustment : new UsageHistory(record, known).adjustments()) {
      to.add(new KnownLater(record, ++seq, adjustment));
    }
  }

  private static int change(SqlSession session, String sql, Usage usage, UUID... ids)
      throws SQLException {
    PreparedStatement statement = session.prepare(sql);
    Parameters to =
        new Parameters(statement, session.dialect()).text(project(usage)).text(key(usage));
    for (UUID id : ids) {
      to.id(id);
    }
    return statement.executeUpdate();
  }

  /** Who has a key, and a fingerprint of what was recorded under it. */
  private static final class Holder {
    final UUID id;
    final byte[] fingerprint;

    Holder(UUID id, byte[] fingerprint) {
      this.id = id;
      this.fingerprint = fingerprint;
    }
  }

  // In one round trip each, however many there are: whoever repeats an import holds locks
  // meanwhile.
  private Map<UUID, RecordedUsage> byId(SqlSession session, List<UUID> ids) throws SQLException {
    Map<UUID, RecordedUsage> found = new HashMap<>();
    byId.query(
        session,
        ids,
        (id, to) -> to.id(id),
        row -> {
          RecordedUsage record = UsageRow.read(row, session.dialect());
          found.put(record.usage().id(), record);
        });
    return found;
  }

  private Map<List<String>, Holder> holders(SqlSession session, List<Usage> keyed)
      throws SQLException {
    Map<List<String>, Holder> found = new HashMap<>();
    holders.query(
        session,
        keyed,
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

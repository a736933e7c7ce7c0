package io.llmaccounting.sql;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.backend.TooOld;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private final Shards shards;
  private final String deleteKey;
  private final String deletePurgedKey;
  private final String byId;
  private final String byKey;
  private final String holderOfKey;

  RecordWriter(Dialect dialect) {
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
    this.holderOfKey =
        "SELECT k.usage_id, k.fingerprint FROM usage_key k WHERE "
            + shards.anywhere("k")
            + "k.project = ? AND k.idempotency_key = ?";
    String select = UsageRow.select(dialect) + " WHERE " + shards.anywhere("e");
    this.byId = select + "e.id = ?";
    this.byKey =
        select
            + "e.id = (SELECT k.usage_id FROM usage_key k WHERE "
            + shards.anywhere("k")
            + "k.project = ? AND k.idempotency_key = ?)";
    this.keys =
        insert(
            dialect,
            "usage_key",
            "project, idempotency_key, usage_id, fingerprint",
            " ON CONFLICT DO NOTHING RETURNING usage_id");
    String columns = String.join(", ", UsageRow.COLUMNS);
    this.records = insert(dialect, "usage_event", columns, " ON CONFLICT DO NOTHING RETURNING id");
    this.adjustments =
        insert(dialect, "usage_adjustment", "usage_id, seq, cost, priced_by, at, lower_bound", "");
    this.rollups = Rollups.upsert(dialect);
  }

  private static MultiRow insert(Dialect dialect, String table, String columns, String after) {
    String all = dialect.shards().key(columns);
    return new MultiRow(
        dialect, "INSERT INTO " + table + " (" + all + ") ", all.split(",").length, after);
  }

  StoredRecords store(SqlSession session, List<RecordedUsage> stamped, PurgeGate gate)
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
    Map<UUID, RecordedUsage> twins = new HashMap<>();
    Map<UUID, TooOld> tooOld = new HashMap<>();
    for (RecordedUsage recorded : stamped) {
      Usage usage = recorded.usage();
      RecordedUsage twin = fresh.contains(usage.id()) ? recorded : twin(session, usage);
      if (twin == null) {
        tooOld.put(usage.id(), tooOld(session, usage, horizon));
      } else if (!fresh.contains(usage.id())) {
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
      boolean repeats = usage.key() != null && !keys.add(List.of(project(usage), key(usage)));
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

  /** Adds what is fresh to the rollups. */
  void book(Pipeline pipeline, List<RecordedUsage> stamped, Set<UUID> fresh) throws SQLException {
    Rollups sums = new Rollups();
    List<RecordedUsage> adjusted = new ArrayList<>();
    for (RecordedUsage recorded : stamped) {
      if (fresh.contains(recorded.usage().id())) {
        sums.add(recorded);
        if (recorded.adjustment() != null) {
          adjusted.add(recorded);
        }
      }
    }
    sums.write(pipeline, rollups, shards);
    adjustments.add(pipeline, adjusted, sharded(RecordWriter::bindAdjustment));
  }

  private static void bindAdjustment(RecordedUsage recorded, Parameters to) throws SQLException {
    PricedCost adjustment = recorded.adjustment();
    if (adjustment != null) {
      to.id(recorded.usage().id())
          .number(1)
          .number(adjustment.cost().nanos())
          .text(adjustment.pricedBy())
          .instant(recorded.settledAt())
          .flag(UsageRow.ifSet(adjustment.lowerBound()));
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

  private @Nullable RecordedUsage twin(SqlSession session, Usage usage) throws SQLException {
    PreparedStatement ofId = session.prepare(byId);
    new Parameters(ofId, session.dialect()).id(usage.id());
    RecordedUsage twin = first(session, ofId);
    if (twin == null && usage.key() != null) {
      PreparedStatement ofKey = session.prepare(byKey);
      new Parameters(ofKey, session.dialect()).text(project(usage)).text(key(usage));
      twin = first(session, ofKey);
    }
    return twin;
  }

  private TooOld tooOld(SqlSession session, Usage usage, Instant horizon) throws SQLException {
    PreparedStatement statement = session.prepare(holderOfKey);
    new Parameters(statement, session.dialect()).text(project(usage)).text(key(usage));
    try (ResultSet row = statement.executeQuery()) {
      if (usage.key() == null || !row.next()) {
        return new TooOld(usage.id(), horizon, false);
      }
      Columns holder = new Columns(row, session.dialect());
      return new TooOld(holder.id(), horizon, ContentFingerprint.matches(holder.bytes(), usage));
    }
  }

  private static @Nullable RecordedUsage first(SqlSession session, PreparedStatement statement)
      throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? UsageRow.read(row, session.dialect()) : null;
    }
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

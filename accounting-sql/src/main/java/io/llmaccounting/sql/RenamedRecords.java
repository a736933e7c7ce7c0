package io.llmaccounting.sql;

import io.llmaccounting.backend.NameChange;
import io.llmaccounting.backend.RenamedSlice;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageTotals;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives the user of records another name; their keys and rollups follow in the same transaction.
 * Safe for use by many threads.
 */
public final class RenamedRecords {
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private static final String EACH_TEXT = "jsonb_each_text";
  private static final String EACH = "json_each";

  private final Shards shards;
  private final String count;
  private final String find;
  private final RecordLocks locks;
  private final RecordsById read;
  private final String rename;
  private final String fingerprint;
  private final String purged;
  private final String removeEmpty;
  private final NameRows names;
  private final String days;
  private final String used;
  private final MultiRow forget;

  /** Renders the statements. */
  public RenamedRecords(SqlDialect dialect) {
    this.shards = dialect.shards();
    String named =
        " FROM usage_event e WHERE "
            + shards.anywhere("e")
            + "(e.user_name = ? OR EXISTS (SELECT 1 FROM "
            + (dialect.family() == SqlDialect.Family.POSTGRES ? EACH_TEXT : EACH)
            + "(e.tags) t WHERE t.value = ?))";
    this.count = "SELECT count(*)" + named;
    this.find = "SELECT e.id, e.project" + named + " AND e.id > ? ORDER BY e.id LIMIT ?";
    this.locks = new RecordLocks(dialect);
    this.read = new RecordsById(dialect);
    this.rename =
        "UPDATE usage_event AS e SET user_name = ?, tags = ? WHERE " + shards.one("e") + "e.id = ?";
    this.fingerprint =
        "UPDATE usage_key AS k SET fingerprint = ? WHERE "
            + shards.one("k")
            + "k.project = ? AND k.idempotency_key = ? AND k.usage_id = ?";
    this.purged = purged(dialect);
    this.removeEmpty = removeEmpty(dialect);
    this.names = new NameRows(dialect);
    this.days = days(dialect);
    this.used = used(dialect);
    this.forget =
        new MultiRow(
            dialect,
            "DELETE FROM rollup_name AS n WHERE "
                + shards.home("n")
                + "(n.day, n.dimension, n.name) IN (",
            3,
            ")");
  }

  private static String purged(SqlDialect dialect) {
    return "SELECT r."
        + String.join(", r.", RollupKey.COLUMNS)
        + ", r."
        + String.join(", r.", Rollups.SUMS)
        + " FROM usage_rollup r WHERE "
        + dialect.shards().anywhere("r")
        + "r.family = ? AND r.grain = ? AND r.user_name = ? AND r.bucket < ? ORDER BY r.bucket"
        + " LIMIT ?";
  }

  private static String removeEmpty(SqlDialect dialect) {
    return "DELETE FROM usage_rollup AS r WHERE "
        + dialect.shards().one("r")
        + RollupKey.IS_THIS
        + " AND r.calls = 0";
  }

  private static String days(SqlDialect dialect) {
    return "SELECT n.day FROM rollup_name n WHERE "
        + dialect.shards().home("n")
        + "n.dimension = ? AND n.name = ?";
  }

  private static String used(SqlDialect dialect) {
    return "SELECT DISTINCT r.bucket FROM usage_rollup r WHERE "
        + dialect.shards().anywhere("r")
        + "r.family = ? AND r.grain = ? AND r.user_name = ?";
  }

  /** How many records hold the name. */
  public long count(SqlSession session, NameChange change) throws SQLException {
    PreparedStatement statement = session.prepare(count);
    new Parameters(statement, session.dialect()).text(change.from()).text(change.from());
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** Renames the first {@code count} records behind {@code after}. */
  public RenamedSlice rename(SqlSession session, NameChange change, @Nullable UUID after, int count)
      throws SQLException {
    List<Place> found = find(session, change, after, count);
    if (found.isEmpty()) {
      return new RenamedSlice(0, after, true);
    }
    SortedMap<Integer, List<UUID>> places = new TreeMap<>();
    shards
        .split(found, Place::project)
        .forEach((shard, some) -> places.put(shard, some.stream().map(Place::id).toList()));
    locks.lock(session, places);
    StoreSettings.RECORDS_REVISION.next(session);
    List<RecordedUsage> records = new ArrayList<>();
    read.readEach(session, places, records::add);
    PreparedStatement update = session.prepare(rename);
    Map<RollupKey, long[]> moved = new TreeMap<>();
    for (RecordedUsage record : records) {
      Usage renamed =
          record.usage().withAttribution(change.attribution(record.usage().attribution()));
      Parameters to = new Parameters(update, session.dialect());
      to.text(renamed.attribution().user()).json(renamed.attribution().tags());
      shards.bindOne(shards.of(renamed.attribution().project()), to).id(renamed.id());
      update.addBatch();
      if (change.from().equals(record.usage().attribution().user())) {
        RollupKey finest = RollupKey.finest(record.usage());
        moved.merge(finest, Rollups.sums(UsageTotals.of(record)), AdjustmentRows::plus);
      }
    }
    update.executeBatch();
    fingerprints(session, change, records);
    move(session, moved, change);
    return new RenamedSlice(found.size(), found.get(found.size() - 1).id(), found.size() < count);
  }

  /** Where a record is. */
  private record Place(UUID id, @Nullable String project) {}

  // Nobody else renames or removes records meanwhile, so what is found without a lock is there to
  // be
  // locked.
  private List<Place> find(SqlSession session, NameChange change, @Nullable UUID after, int count)
      throws SQLException {
    PreparedStatement statement = session.prepare(find);
    new Parameters(statement, session.dialect())
        .text(change.from())
        .text(change.from())
        .id(after == null ? BEFORE_ALL : after)
        .number(count);
    List<Place> found = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        Columns from = new Columns(row, session.dialect());
        found.add(new Place(from.id(), from.optionalText()));
      }
    }
    return found;
  }

  private void fingerprints(SqlSession session, NameChange change, List<RecordedUsage> records)
      throws SQLException {
    PreparedStatement update = session.prepare(fingerprint);
    boolean any = false;
    for (RecordedUsage record : records) {
      Usage usage = record.usage();
      if (usage.key() != null) {
        String project = usage.attribution().project();
        Usage renamed = usage.withAttribution(change.attribution(usage.attribution()));
        Parameters to = new Parameters(update, session.dialect());
        to.bytes(ContentFingerprint.of(renamed));
        shards
            .bindOne(shards.of(project), to)
            .text(project == null ? "" : project)
            .text(usage.key())
            .id(usage.id());
        update.addBatch();
        any = true;
      }
    }
    if (any) {
      update.executeBatch();
    }
  }

  /**
   * Moves the first {@code count} rollups of purged records, while nothing else writes. The rollups
   * of records that are still there have moved with their records.
   *
   * @return how many
   */
  public long renamePurged(SqlSession session, NameChange change, int count) throws SQLException {
    StoreSettings.keepLedgersOut(session);
    PreparedStatement statement = session.prepare(purged);
    new Parameters(statement, session.dialect())
        .number(RollupKey.FINE)
        .number(RollupKey.QUARTER_HOUR)
        .text(change.from())
        .number(StoreSettings.PURGE_HORIZON.read(session))
        .number(count);
    Map<RollupKey, long[]> moved = new TreeMap<>();
    long rows = 0;
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        Columns from = new Columns(row, session.dialect());
        RollupKey key = RollupKey.read(from);
        long[] stored = new long[Rollups.SUMS.size()];
        for (int i = 0; i < stored.length; i++) {
          stored[i] = from.number();
        }
        moved.put(key, stored);
        rows++;
      }
    }
    move(session, moved, change);
    if (rows == 0) {
      forgetName(session, change);
    }
    return rows;
  }

  // on a day that is full both names may be among those that are not told apart
  private void move(SqlSession session, Map<RollupKey, long[]> moved, NameChange change)
      throws SQLException {
    List<RollupKey> keys = new ArrayList<>(moved.keySet());
    moved.keySet().forEach(key -> keys.add(key.ofUser(change.to())));
    NameFold fold = names.fold(session, keys);
    SortedMap<RollupKey, long[]> sums = new TreeMap<>();
    moved.forEach(
        (key, some) -> move(sums, fold.fold(key), fold.fold(key.ofUser(change.to())), some));
    write(session, sums, change);
  }

  private void forgetName(SqlSession session, NameChange change) throws SQLException {
    Set<Long> gone = new TreeSet<>();
    PreparedStatement named = session.prepare(days);
    new Parameters(named, session.dialect())
        .number(RollupDimension.USER.stored())
        .text(change.from());
    numbers(named, gone::add);
    PreparedStatement rows = session.prepare(used);
    new Parameters(rows, session.dialect())
        .number(RollupKey.FINE)
        .number(RollupKey.DAY)
        .text(change.from());
    numbers(rows, gone::remove);
    if (!gone.isEmpty()) {
      forget.update(
          session,
          List.copyOf(gone),
          (day, to) -> to.number(day).number(RollupDimension.USER.stored()).text(change.from()));
      StoreSettings.NAMES_REVISION.next(session);
    }
  }

  private static void numbers(PreparedStatement statement, Consumer<Long> each)
      throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        each.accept(row.getLong(1));
      }
    }
  }

  private static void move(
      SortedMap<RollupKey, long[]> sums, RollupKey finest, RollupKey renamed, long[] moved) {
    long[] minus = new long[moved.length];
    for (int i = 0; i < moved.length; i++) {
      minus[i] = Math.negateExact(moved[i]);
    }
    sums.merge(finest, minus, AdjustmentRows::plus);
    sums.merge(finest.ofDay(), minus, AdjustmentRows::plus);
    sums.merge(renamed, moved, AdjustmentRows::plus);
    sums.merge(renamed.ofDay(), moved, AdjustmentRows::plus);
  }

  private void write(SqlSession session, SortedMap<RollupKey, long[]> sums, NameChange change)
      throws SQLException {
    if (sums.isEmpty()) {
      return;
    }
    Rollups.addSums(session, sums);
    PreparedStatement remove = session.prepare(removeEmpty);
    for (RollupKey key : sums.keySet()) {
      if (key.user().equals(change.from())) {
        Parameters to = new Parameters(remove, session.dialect());
        key.bind(shards.bindOne(shards.of(key.project()), to));
        remove.addBatch();
      }
    }
    remove.executeBatch();
  }
}

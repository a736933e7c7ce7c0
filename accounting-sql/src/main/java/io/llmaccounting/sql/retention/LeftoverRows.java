package io.llmaccounting.sql.retention;

import io.llmaccounting.backend.Retention.Leftover;
import io.llmaccounting.sql.NameRows;
import io.llmaccounting.sql.Parameters;
import io.llmaccounting.sql.RollupKey;
import io.llmaccounting.sql.Shards;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.usage.UsageId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Counts and deletes by age what is kept besides records; rows that somebody is changing stay for
 * the next time. Safe for use by many threads.
 */
final class LeftoverRows {
  private final Map<Leftover, Statements> all = new EnumMap<>(Leftover.class);
  private final String ifFree;

  private final NameRows names;

  /**
   * What is run for a table.
   *
   * @param find the shards of some old rows, one row for each; null where all are in one shard
   * @param delete removes rows of one shard
   */
  private record Statements(String count, @Nullable String find, String delete) {}

  /** The old rows of a table, and the condition on which some of them are kept all the same. */
  private record Old(String table, String key, String condition, String unlessKept) {
    Old(String table, String key, String condition) {
      this(table, key, condition, "");
    }
  }

  LeftoverRows(SqlDialect dialect) {
    this.names = new NameRows(dialect);
    // a removal follows no order of locks, so it must not wait for any
    this.ifFree = dialect.locking(SqlDialect.RowLock.IF_FREE);
    Shards shards = dialect.shards();
    String isGone =
        " AND NOT EXISTS (SELECT 1 FROM usage_event e WHERE "
            + shards.together("e", "t")
            + "e.id = t.usage_id AND e.id < ?)";
    String past =
        "t.family IN (%d, %d) AND t.grain IN (%d, %d) AND t.bucket < ?"
            .formatted(RollupKey.FINE, RollupKey.COARSE, RollupKey.QUARTER_HOUR, RollupKey.DAY);
    addSpread(
        shards,
        Leftover.KEYS,
        new Old("usage_key", "project, idempotency_key", "t.usage_id < ?", isGone));
    addSpread(
        shards,
        Leftover.ROLLUPS,
        new Old("usage_rollup", String.join(", ", RollupKey.COLUMNS), past));
    addHome(
        shards,
        Leftover.DENIALS,
        new Old("quota_denial", "limit_name, subject, minute", "t.minute < ?"));
    addHome(
        shards,
        Leftover.IDLE_COUNTERS,
        new Old(
            "quota_counter", "limit_id, subject", "t.idle_from < ? AND t.idle_as_of = t.as_of"));
    addHome(
        shards,
        Leftover.DELIVERED_ALERTS,
        new Old("alert_fired", "id", "t.fired_at < ? AND t.delivered"));
  }

  private void addHome(Shards shards, Leftover what, Old old) {
    String home = shards.home("t");
    all.put(what, new Statements(count(old, home), null, delete(shards, old, home)));
  }

  // Rows of several shards are removed one shard after the other: no statement locks rows of two.
  private void addSpread(Shards shards, Leftover what, Old old) {
    String anywhere = shards.anywhere("t");
    String find =
        shards.isSpread() ? "SELECT t.shard_key" + gone(old, anywhere) + " LIMIT ?" : null;
    all.put(what, new Statements(count(old, anywhere), find, delete(shards, old, shards.one("t"))));
  }

  private static String count(Old old, String shard) {
    return "SELECT count(*) FROM " + old.table() + " AS t WHERE " + shard + old.condition();
  }

  private static String gone(Old old, String shard) {
    return " FROM " + old.table() + " AS t WHERE " + shard + old.condition() + old.unlessKept();
  }

  // The condition stands outside of the inner choice too: a row may change between the two.
  private String delete(Shards shards, Old old, String shard) {
    String gone = gone(old, shard);
    String columns = shards.key(old.key());
    String row = columns.contains(",") ? "(" + columns + ")" : columns;
    return "DELETE"
        + gone
        + " AND "
        + row
        + " IN ("
        + chosenOnce("SELECT " + columns + gone + " LIMIT ?")
        + ")";
  }

  // a choice that locks must not be made again for each row that it is compared with
  private String chosenOnce(String choice) {
    return ifFree.isEmpty()
        ? choice
        : "WITH chosen AS MATERIALIZED (" + choice + ifFree + ") SELECT * FROM chosen";
  }

  /** Counts the rows that are old, including those that are kept. */
  long count(SqlSession session, Leftover what, Instant before) throws SQLException {
    PreparedStatement statement = session.prepare(statements(what).count());
    Parameters to = new Parameters(statement, session.dialect());
    if (what == Leftover.KEYS) {
      to.id(UsageId.floor(before));
    } else {
      to.instant(before);
    }
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  long delete(SqlSession session, Leftover what, Instant before, int count) throws SQLException {
    long deleted = 0;
    for (Map.Entry<Integer, Integer> part : parts(session, what, before, count).entrySet()) {
      PreparedStatement statement = session.prepare(statements(what).delete());
      Parameters to = new Parameters(statement, session.dialect());
      bind(session, what, before, part.getKey(), to);
      bind(session, what, before, part.getKey(), to).number(part.getValue());
      deleted += statement.executeUpdate();
    }
    if (what == Leftover.ROLLUPS) {
      // a row may have one or two names that no other row has
      names.removeBefore(session, before, 2L * count, deleted < count);
    }
    return deleted;
  }

  /** How many of the first {@code count} old rows are in which shards. */
  private SortedMap<Integer, Integer> parts(
      SqlSession session, Leftover what, Instant before, int count) throws SQLException {
    SortedMap<Integer, Integer> parts = new TreeMap<>();
    String find = statements(what).find();
    if (find == null) {
      parts.put(0, count);
      return parts;
    }
    PreparedStatement statement = session.prepare(find);
    Parameters to = new Parameters(statement, session.dialect());
    bindAge(what, before, to).number(count);
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        parts.merge(row.getInt(1), 1, Integer::sum);
      }
    }
    return parts;
  }

  private Parameters bind(
      SqlSession session, Leftover what, Instant before, int shard, Parameters to)
      throws SQLException {
    boolean isOneOfMany = statements(what).find() != null;
    return bindAge(what, before, isOneOfMany ? session.dialect().shards().bindOne(shard, to) : to);
  }

  private static Parameters bindAge(Leftover what, Instant before, Parameters to)
      throws SQLException {
    if (what == Leftover.KEYS) {
      UUID first = UsageId.floor(before);
      return to.id(first).id(first);
    }
    return to.instant(before);
  }

  private Statements statements(Leftover what) {
    return Objects.requireNonNull(all.get(what), "statements of every leftover are rendered");
  }
}

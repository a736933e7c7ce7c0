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
import java.util.UUID;

/**
 * Counts and deletes by age what is kept besides records; rows that somebody is changing stay for
 * the next time. Safe for use by many threads.
 */
final class LeftoverRows {
  private final Map<Leftover, Statements> all = new EnumMap<>(Leftover.class);
  private final String ifFree;

  private final NameRows names;

  private record Statements(String count, String delete) {}

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
            + shards.anywhere("e")
            + "e.id = t.usage_id AND e.id < ?)";
    String past =
        "t.family IN (%d, %d) AND t.grain IN (%d, %d) AND t.bucket < ?"
            .formatted(RollupKey.FINE, RollupKey.COARSE, RollupKey.QUARTER_HOUR, RollupKey.DAY);
    add(
        shards,
        Leftover.KEYS,
        new Old("usage_key", "project, idempotency_key", "t.usage_id < ?", isGone));
    add(
        shards,
        Leftover.ROLLUPS,
        new Old("usage_rollup", String.join(", ", RollupKey.COLUMNS), past));
    add(
        shards,
        Leftover.DENIALS,
        new Old("quota_denial", "limit_name, subject, minute", "t.minute < ?"));
    add(
        shards,
        Leftover.IDLE_COUNTERS,
        new Old(
            "quota_counter", "limit_id, subject", "t.idle_from < ? AND t.idle_as_of = t.as_of"));
    add(
        shards,
        Leftover.DELIVERED_ALERTS,
        new Old("alert_fired", "id", "t.fired_at < ? AND t.delivered"));
  }

  // The condition stands outside of the inner choice too: a row may change between the two.
  private void add(Shards shards, Leftover what, Old old) {
    String some = " FROM " + old.table() + " AS t WHERE " + shards.anywhere("t") + old.condition();
    String gone = some + old.unlessKept();
    String columns = shards.key(old.key());
    String row = columns.contains(",") ? "(" + columns + ")" : columns;
    all.put(
        what,
        new Statements(
            "SELECT count(*)" + some,
            "DELETE"
                + gone
                + " AND "
                + row
                + " IN ("
                + chosenOnce("SELECT " + columns + gone + " LIMIT ?")
                + ")"));
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
    PreparedStatement statement = session.prepare(statements(what).delete());
    Parameters to = new Parameters(statement, session.dialect());
    if (what == Leftover.KEYS) {
      UUID first = UsageId.floor(before);
      to.id(first).id(first).id(first).id(first);
    } else {
      to.instant(before).instant(before);
    }
    to.number(count);
    long deleted = statement.executeUpdate();
    if (what == Leftover.ROLLUPS) {
      // a row may have one or two names that no other row has
      names.removeBefore(session, before, 2L * count, deleted < count);
    }
    return deleted;
  }

  private Statements statements(Leftover what) {
    return Objects.requireNonNull(all.get(what), "statements of every leftover are rendered");
  }
}

package io.llmaccounting.sql.maintenance;

import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.NameChange;
import io.llmaccounting.backend.RenamedCounters;
import io.llmaccounting.backend.RenamedSlice;
import io.llmaccounting.backend.Renaming;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.CounterRows;
import io.llmaccounting.sql.HoldRows;
import io.llmaccounting.sql.Parameters;
import io.llmaccounting.sql.RenamedRecords;
import io.llmaccounting.sql.SaturatedSql;
import io.llmaccounting.sql.Shards;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlLimitStore;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.SqlWork;
import io.llmaccounting.sql.StoreSettings;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Gives users another name in a database. Safe for use by many threads. */
final class SqlRenaming implements Renaming {
  private static final String STRPOS = "strpos";
  private static final String INSTR = "instr";
  private static final String DENIAL = "limit_name, subject, minute";

  private final Connections connections;
  private final RenamedRecords records;
  private final CounterRows counters;
  private final CounterRows bases;
  private final HoldRows holds;
  private final Snapshots snapshots;
  private final BooleanSupplier overwriting;
  private final Shards shards;
  private final String contains;
  private final String reword;
  private final String copyRefusals;
  private final String removeRefusals;

  /** Makes a view of everything. */
  interface Snapshots {
    LedgerSnapshot of(SqlSession session) throws SQLException;
  }

  SqlRenaming(
      Connections connections,
      SqlDialect dialect,
      Snapshots snapshots,
      BooleanSupplier overwriting) {
    this.connections = connections;
    this.records = new RenamedRecords(dialect);
    this.counters = new CounterRows(dialect);
    this.bases = CounterRows.ofBases(dialect);
    this.holds = new HoldRows(dialect);
    this.snapshots = snapshots;
    this.overwriting = overwriting;
    this.shards = dialect.shards();
    this.contains = dialect.family() == SqlDialect.Family.POSTGRES ? STRPOS : INSTR;
    String which = " WHERE " + shards.home() + "subject = ? AND last_reason = ?";
    this.reword = "UPDATE quota_denial SET subject = ?, last_reason = ?" + which;
    this.removeRefusals = "DELETE FROM quota_denial" + which;
    this.copyRefusals =
        "INSERT INTO quota_denial ("
            + shards.key(DENIAL)
            + ", denials, last_requested, last_reason) SELECT "
            + shards.key("limit_name")
            + ", CAST(? AS text), minute, denials, last_requested, CAST(? AS text)"
            + " FROM quota_denial"
            + which
            + " ON CONFLICT ("
            + shards.key(DENIAL)
            + ") DO UPDATE SET denials = "
            + SaturatedSql.sum("quota_denial.denials", "excluded.denials");
  }

  @Override
  public long count(Place place, NameChange change) {
    return connections.read(
        session ->
            switch (place) {
              case RECORDS -> records.count(session, change);
              case ROLLUPS -> rollups(session, change);
              case DENIALS -> sum(refusals(session, change));
              case ALERTS -> sum(subjects(session, change));
            });
  }

  private long rollups(SqlSession session, NameChange change) throws SQLException {
    PreparedStatement statement =
        session.prepare(
            "SELECT count(*) FROM usage_rollup AS r WHERE "
                + shards.anywhere("r")
                + "r.user_name = ?");
    new Parameters(statement, session.dialect()).text(change.from());
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private static long sum(Map<?, Long> rows) {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }

  private Map<String, Long> subjects(SqlSession session, NameChange change) throws SQLException {
    Map<String, Long> found = new TreeMap<>();
    PreparedStatement statement =
        session.prepare(
            "SELECT subject, count(*) FROM alert_fired WHERE "
                + shards.home()
                + contains
                + "(subject, ?) > 0 GROUP BY subject");
    new Parameters(statement, session.dialect()).text(change.needle());
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        if (change.concerns(row.getString(1))) {
          found.put(row.getString(1), row.getLong(2));
        }
      }
    }
    return found;
  }

  /** Refusals that are told in the same words. */
  private record Refusal(String subject, String reason) {
    Refusal renamed(NameChange change) {
      return new Refusal(change.subjects().apply(subject), change.texts().apply(reason));
    }
  }

  private Map<Refusal, Long> refusals(SqlSession session, NameChange change) throws SQLException {
    Map<Refusal, Long> found = new LinkedHashMap<>();
    PreparedStatement statement =
        session.prepare(
            "SELECT subject, last_reason, count(*) FROM quota_denial WHERE "
                + shards.home()
                + "("
                + contains
                + "(subject, ?) > 0 OR "
                + contains
                + "(last_reason, ?) > 0) GROUP BY subject, last_reason ORDER BY subject,"
                + " last_reason");
    new Parameters(statement, session.dialect()).text(change.needle()).text(change.needle());
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        Refusal refusal = new Refusal(row.getString(1), row.getString(2));
        if (!refusal.equals(refusal.renamed(change))) {
          found.put(refusal, row.getLong(3));
        }
      }
    }
    return found;
  }

  @Override
  public RenamedSlice renameRecords(NameChange change, @Nullable UUID after, int count) {
    return connections.write(
        session -> {
          StoreSettings.RECORDS_REVISION.read(session, SqlDialect.RowLock.EXCLUSIVE);
          return records.rename(session, change, after, count);
        });
  }

  @Override
  public long rename(Place place, NameChange change, int count) {
    SqlWork<Long> work =
        switch (place) {
          case RECORDS ->
              throw new IllegalArgumentException("records are renamed by renameRecords");
          case ROLLUPS -> session -> records.renamePurged(session, change, count);
          case DENIALS -> session -> renameDenials(session, change, count);
          case ALERTS -> session -> renameAlerts(session, change);
        };
    return connections.write(work);
  }

  private long renameDenials(SqlSession session, NameChange change, int count) throws SQLException {
    StoreSettings.keepLedgersOut(session);
    long rows = 0;
    for (Map.Entry<Refusal, Long> one : refusals(session, change).entrySet()) {
      if (rows >= count) {
        break;
      }
      Refusal renamed = one.getKey().renamed(change);
      boolean stays = renamed.subject().equals(one.getKey().subject());
      execute(session, stays ? reword : copyRefusals, renamed, one.getKey());
      if (!stays) {
        execute(session, removeRefusals, null, one.getKey());
      }
      rows += one.getValue();
    }
    return rows;
  }

  private static void execute(
      SqlSession session, String sql, @Nullable Refusal renamed, Refusal refusal)
      throws SQLException {
    PreparedStatement statement = session.prepare(sql);
    Parameters to = new Parameters(statement, session.dialect());
    if (renamed != null) {
      to.text(renamed.subject()).text(renamed.reason());
    }
    to.text(refusal.subject()).text(refusal.reason());
    statement.execute();
  }

  private long renameAlerts(SqlSession session, NameChange change) throws SQLException {
    for (Map.Entry<String, Long> one : subjects(session, change).entrySet()) {
      PreparedStatement update =
          session.prepare(
              "UPDATE alert_fired SET subject = ? WHERE " + shards.home() + "subject = ?");
      new Parameters(update, session.dialect())
          .text(change.subjects().apply(one.getKey()))
          .text(one.getKey());
      update.executeUpdate();
      return one.getValue();
    }
    return 0;
  }

  @Override
  public void renameCounters(Function<LedgerSnapshot, RenamedCounters> renaming) {
    connections.write(
        session -> {
          StoreSettings.keepLedgersOut(session);
          RenamedCounters renamed = renaming.apply(snapshots.of(session));
          SqlLimitStore.replace(session, renamed.limits());
          counters.delete(session, renamed.counted());
          bases.delete(session, renamed.counted());
          counters.write(session, renamed.counters());
          bases.write(session, renamed.bases());
          holds.write(session, renamed.holds());
          return true;
        });
  }

  @Override
  public boolean overwriteFreed() {
    return overwriting.getAsBoolean();
  }
}

package io.llmaccounting.sql;

import io.llmaccounting.backend.Recounting;
import io.llmaccounting.sql.ChangeJournal.Change;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Hands records to a count that counts limits anew: in slices, each in a short transaction, while
 * ledgers go on; then, from the journal of changes, the records that ledgers have changed
 * meanwhile. Safe for use by many threads.
 */
final class RecordCount {
  private static final int SLICE = 2_000;
  // so many changes may be left for the end, when nothing else writes
  private static final int FEW = 100;
  private static final int MOST_ROUNDS = 50;
  private static final UUID BEFORE_ALL = new UUID(0, 0);
  private static final UUID LAST_OF_ALL = new UUID(-1, -1);

  private final Connections connections;
  private final ChangeJournal journal;
  private final String first;
  private final String slice;
  private final String version;
  private final RecordsById current;
  private final MultiRow corrections;

  RecordCount(Connections connections, SqlDialect dialect, ChangeJournal journal) {
    this.connections = connections;
    this.journal = journal;
    String events = dialect.shards().anywhere("e");
    // a statement of its own, so that no planner looks through the whole primary key for the first
    // record
    this.first =
        "WITH charged AS MATERIALIZED (SELECT e.id FROM usage_event e WHERE "
            + events
            + "e.charged_at >= ?) SELECT id FROM charged ORDER BY id LIMIT 1";
    this.slice =
        UsageRow.select(dialect)
            + " WHERE "
            + events
            + "e.id > ? AND e.charged_at >= ? ORDER BY e.id LIMIT "
            + SLICE;
    this.version = UsageRow.selectVersion(dialect) + " WHERE " + events + "e.id = ?";
    this.current = new RecordsById(dialect);
    this.corrections =
        new MultiRow(
            dialect,
            "SELECT a.usage_id, max(a.seq) FROM usage_adjustment a WHERE "
                + dialect.shards().anywhere("a")
                + "a.usage_id IN (",
            1,
            ") GROUP BY a.usage_id");
  }

  /** Counts by {@code counting}; the journal must be on already, unless nothing else writes. */
  Run start(Recounting counting) {
    return new Run(counting);
  }

  /** One count. Confined to one thread at a time. */
  final class Run {
    private final Recounting counting;
    private final Set<Change> seen = new HashSet<>();

    /**
     * For each record that changed, the correction that is counted, or NEW where the record is not
     * counted yet.
     */
    private final Map<UUID, Long> counted = new HashMap<>();

    private Run(Recounting counting) {
      this.counting = counting;
    }

    /**
     * Counts the records that are there, and nearly all changes that were made by the end of that.
     */
    void count() {
      Optional<UUID> after = connections.read(this::start);
      while (after.isPresent()) {
        UUID from = after.get();
        after = connections.read(session -> countSlice(session, from));
      }
      for (int round = 0; round < MOST_ROUNDS; round++) {
        if (connections.read(this::catchUp) <= FEW) {
          return;
        }
      }
    }

    /** Counts the records that are there, all in one transaction. */
    void count(SqlSession session) throws SQLException {
      Optional<UUID> after = start(session);
      while (after.isPresent()) {
        after = countSlice(session, after.get());
      }
    }

    private Optional<UUID> start(SqlSession session) throws SQLException {
      if (!counting.from().isAfter(Instant.EPOCH)) {
        return Optional.of(BEFORE_ALL);
      }
      PreparedStatement statement = session.prepare(first);
      statement.setLong(1, Micros.of(counting.from()));
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        long millis = UsageId.timeOf(new Columns(row, session.dialect()).id()).toEpochMilli();
        return Optional.of(
            millis == 0 ? BEFORE_ALL : UsageId.floor(Instant.ofEpochMilli(millis - 1)));
      }
    }

    /** Returns after which record to go on; empty if none are left. */
    private Optional<UUID> countSlice(SqlSession session, UUID after) throws SQLException {
      List<RecordedUsage> records = new ArrayList<>(SLICE);
      PreparedStatement statement = session.prepare(slice);
      new Parameters(statement, session.dialect()).id(after).instant(counting.from());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          records.add(UsageRow.read(rows, session.dialect()));
        }
      }
      boolean more = records.size() == SLICE;
      UUID last = more ? records.get(SLICE - 1).usage().id() : LAST_OF_ALL;
      // records that have changed are left to the end and are not counted so far
      for (Change change : journal.between(session, after, last)) {
        counted.put(change.id(), ChangeJournal.NEW);
      }
      for (RecordedUsage record : records) {
        if (!counted.containsKey(record.usage().id())) {
          counting.add(record);
        }
      }
      return more ? Optional.of(last) : Optional.empty();
    }

    /**
     * Counts the records that have changed since the last time; returns how many changes there
     * were.
     */
    int catchUp(SqlSession session) throws SQLException {
      Map<UUID, Long> changed = new HashMap<>();
      for (Change change : journal.all(session)) {
        if (seen.add(change)) {
          changed.merge(change.id(), change.seq(), Math::min);
        }
      }
      if (changed.isEmpty()) {
        return 0;
      }
      for (Map.Entry<UUID, Long> one : changed.entrySet()) {
        Long known = counted.putIfAbsent(one.getKey(), one.getValue());
        takeBack(session, one.getKey(), known == null ? one.getValue() : known);
        counted.put(one.getKey(), ChangeJournal.NEW);
      }
      List<UUID> ids = changed.keySet().stream().sorted().toList();
      Map<UUID, Long> latest = new HashMap<>();
      corrections.query(
          session,
          ids,
          (id, to) -> to.id(id),
          row -> {
            Columns from = new Columns(row, session.dialect());
            latest.put(from.id(), from.number());
          });
      current.read(
          session,
          ids,
          record -> {
            counting.add(record);
            UUID id = record.usage().id();
            counted.put(id, latest.getOrDefault(id, 0L));
          });
      return changed.size();
    }

    private void takeBack(SqlSession session, UUID id, long seq) throws SQLException {
      if (seq == ChangeJournal.NEW) {
        return;
      }
      PreparedStatement statement = session.prepare(version);
      new Parameters(statement, session.dialect()).number(seq).id(id);
      try (ResultSet row = statement.executeQuery()) {
        if (row.next()) {
          counting.remove(UsageRow.read(row, session.dialect()));
        }
      }
    }
  }
}

package io.llmaccounting.sql.sinks;

import io.llmaccounting.backend.OutboxItem;
import io.llmaccounting.sql.Columns;
import io.llmaccounting.sql.MultiRow;
import io.llmaccounting.sql.RecordsById;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.usage.RecordedUsage;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Reads records with the number of their adjustments. Safe for use by many threads. */
final class SinkRecords {
  private final RecordsById records;
  private final MultiRow revisions;

  SinkRecords(SqlDialect dialect) {
    this.records = new RecordsById(dialect);
    this.revisions =
        new MultiRow(
            dialect,
            "SELECT a.usage_id, max(a.seq) FROM usage_adjustment a WHERE "
                + dialect.shards().anywhere("a")
                + "a.usage_id IN (",
            1,
            ") GROUP BY a.usage_id");
  }

  /**
   * The records that are there, in the order of {@code ids}. Revisions are read first: a record is
   * never told to be newer than it is.
   */
  List<OutboxItem> read(SqlSession session, Set<UUID> ids) throws SQLException {
    List<UUID> sorted = ids.stream().sorted().toList();
    Map<UUID, Long> sequences = new HashMap<>();
    revisions.query(
        session,
        sorted,
        (id, to) -> to.id(id),
        row -> {
          Columns from = new Columns(row, session.dialect());
          sequences.put(from.id(), from.number());
        });
    Map<UUID, RecordedUsage> found = new HashMap<>();
    records.read(session, sorted, record -> found.put(record.usage().id(), record));
    List<OutboxItem> items = new ArrayList<>();
    for (UUID id : ids) {
      RecordedUsage record = found.get(id);
      if (record != null) {
        items.add(new OutboxItem(record, sequences.getOrDefault(id, 0L)));
      }
    }
    return items;
  }
}

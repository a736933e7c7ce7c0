package io.llmaccounting.sql;

import io.llmaccounting.backend.Adjustment;
import io.llmaccounting.backend.Decider;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageHistory;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes what became known of records later, here or in another store before they came. Safe for
 * use by many threads.
 *
 * @param shards how usage is spread
 * @param insert adds rows of usage_adjustment
 */
record HistoryRows(Shards shards, MultiRow insert) {
  private record KnownLater(RecordedUsage record, long seq, UsageAdjustment adjustment) {}

  /** Renders the statement. */
  static HistoryRows of(SqlDialect dialect) {
    String columns = dialect.shards().key(AdjustmentRow.INSERTED);
    return new HistoryRows(
        dialect.shards(),
        new MultiRow(
            dialect,
            "INSERT INTO usage_adjustment (" + columns + ") ",
            columns.split(",").length,
            ""));
  }

  /** Writes the adjustments that new records bring with them from another store. */
  void write(Pipeline pipeline, List<RecordedUsage> fresh, Decider decider) throws SQLException {
    List<KnownLater> adjusted = new ArrayList<>();
    for (RecordedUsage record : fresh) {
      if (record.isAdjusted()) {
        long seq = 0;
        List<UsageAdjustment> known = decider.adjustments(record.usage().id());
        for (UsageAdjustment one : new UsageHistory(record, known).adjustments()) {
          adjusted.add(new KnownLater(record, ++seq, one));
        }
      }
    }
    write(pipeline, adjusted);
  }

  /** Writes what becomes known of records now, behind the last sequences of what was known. */
  void write(
      Pipeline pipeline, List<Adjustment> adjustments, Map<UUID, Long> sequences, Instant now)
      throws SQLException {
    Map<UUID, Long> last = new HashMap<>(sequences);
    List<KnownLater> adjusted = new ArrayList<>();
    for (Adjustment adjustment : adjustments) {
      RecordedUsage record = adjustment.before();
      for (UsageAdjustment known : adjustment.booked(now)) {
        adjusted.add(new KnownLater(record, last.merge(record.usage().id(), 1L, Long::sum), known));
      }
    }
    write(pipeline, adjusted);
  }

  private void write(Pipeline pipeline, List<KnownLater> adjusted) throws SQLException {
    insert.add(
        pipeline,
        adjusted,
        (known, to) -> {
          shards.bind(known.record.usage().attribution().project(), to);
          to.id(known.record.usage().id()).number(known.seq);
          AdjustmentRow.bind(known.record, known.adjustment, to);
        });
  }
}

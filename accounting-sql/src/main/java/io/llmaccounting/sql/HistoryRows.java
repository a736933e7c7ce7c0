package io.llmaccounting.sql;

import io.llmaccounting.backend.Decider;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageHistory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes what was known of records in another store before they came here. Safe for use by many
 * threads.
 *
 * @param shards how usage is spread
 * @param insert adds rows of usage_adjustment
 */
record HistoryRows(Shards shards, MultiRow insert) {
  private record KnownLater(RecordedUsage record, long seq, UsageAdjustment adjustment) {}

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

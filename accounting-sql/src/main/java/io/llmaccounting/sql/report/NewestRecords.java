package io.llmaccounting.sql.report;

import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Keeps the newest of records that arrive by falling id. Ids tell the millisecond only, so that one
 * millisecond has to be read to its end. Confined to one thread.
 */
final class NewestRecords {
  private static final Comparator<RecordedUsage> OLDEST_FIRST =
      Comparator.comparing((RecordedUsage record) -> record.usage().occurredAt())
          .thenComparing(record -> record.usage().id());

  private final int count;
  private final PriorityQueue<RecordedUsage> kept = new PriorityQueue<>(OLDEST_FIRST);

  NewestRecords(int count) {
    this.count = count;
  }

  /** True if neither {@code next} nor any record after it belongs to the newest. */
  boolean isCompleteBefore(RecordedUsage next) {
    return kept.size() == count && milli(next).isBefore(milli(kept.element()));
  }

  void add(RecordedUsage record) {
    kept.add(record);
    if (kept.size() > count) {
      kept.remove();
    }
  }

  List<RecordedUsage> inReadingOrder() {
    List<RecordedUsage> newest = new ArrayList<>(kept);
    newest.sort(Collections.reverseOrder(OLDEST_FIRST));
    return newest;
  }

  private static Instant milli(RecordedUsage record) {
    return UsageId.timeOf(record.usage().id());
  }
}

package io.llmaccounting.internal.admin;

import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageHistory;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Finds what became known of records. */
public final class UsageHistories {
  private UsageHistories() {}

  /** The records as they are now, with all that became known of them, in the same order. */
  public static List<UsageHistory> of(Collection<RecordedUsage> records, UsageStore store) {
    Set<UUID> adjusted =
        records.stream()
            .filter(RecordedUsage::isAdjusted)
            .map(record -> record.usage().id())
            .collect(Collectors.toSet());
    Map<UUID, List<UsageAdjustment>> known =
        adjusted.isEmpty() ? Map.of() : store.adjustments(adjusted);
    return records.stream()
        .map(record -> new UsageHistory(record, known.getOrDefault(record.usage().id(), List.of())))
        .toList();
  }
}

package io.llmaccounting.backend;

import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageQuery;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads usage. Safe for use by many threads. */
public interface UsageStore {
  /** The record with this id. */
  Optional<RecordedUsage> find(UUID id);

  /** The record with this key in {@code project}; null is the project of calls without one. */
  Optional<RecordedUsage> findByKey(@Nullable String project, String key);

  /**
   * The adjustments of the records with these ids, in order. A record without any is not in the
   * map.
   */
  Map<UUID, List<UsageAdjustment>> adjustments(Set<UUID> ids);

  /** The records that {@code query} selects, newest first, ties by id. */
  List<RecordedUsage> latest(UsageQuery query);

  /**
   * Hands over every record with occurredAt in {@code period} that {@code filter} selects, in order
   * of id, in bounded memory. A store may read slice after slice, each from a view of its own, so
   * that a slow reader keeps nothing from being cleaned up: no record comes twice, what was there
   * before and stays comes, and what is recorded or removed meanwhile may come or not.
   */
  void scan(TimeRange period, UsageFilter filter, Consumer<RecordedUsage> reader);

  /**
   * The rows of a report, sorted by bucket, then by values, absent values first. A store may read
   * slice after slice, each from a view of its own: what was there before and is left alone counts
   * exactly once, what is recorded or removed meanwhile counts or not, and what is corrected or
   * renamed meanwhile counts once, as before or as after.
   */
  List<ReportRow> report(ReportQuery query);

  /** The purge horizon: usage before it may be gone; 1970 where nothing was purged. */
  Instant completeFrom();
}

package io.llmaccounting;

import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.internal.calls.ExpiredHolds;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeBucket;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageReport;
import io.llmaccounting.usage.UsageTotals;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what a report is to show. Confined to one thread. */
public final class ReportRequest {
  private final UsageStore store;
  private final ExpiredHolds expired;
  private final TimeRange period;
  private UsageFilter filter = UsageFilter.all();
  private List<Dimension> by = List.of();
  private @Nullable TimeBucket bucket;
  private ZoneId zone = ZoneOffset.UTC;
  private boolean distribution;

  ReportRequest(UsageStore store, ExpiredHolds expired, TimeRange period) {
    this.store = store;
    this.expired = expired;
    this.period = period;
  }

  /** One row for each combination of these values; without it, one row in all. */
  public ReportRequest by(Dimension... dimensions) {
    this.by = List.of(dimensions);
    return this;
  }

  /** Cuts every row by time; buckets begin where the calendar of {@code zone} says. */
  public ReportRequest each(TimeBucket bucket, ZoneId zone) {
    this.bucket = bucket;
    this.zone = zone;
    return this;
  }

  /** Reports only usage that {@code filter} selects. */
  public ReportRequest only(UsageFilter filter) {
    this.filter = filter;
    return this;
  }

  /** Adds minima, maxima and percentiles, which takes reading every record. */
  public ReportRequest withDistribution() {
    this.distribution = true;
    return this;
  }

  /**
   * Makes the report. Sums by project, model, user, caller and provider are read from rollups,
   * whatever the history; everything else reads the records of the period.
   *
   * @throws io.llmaccounting.backend.BackendException if the store cannot be read
   */
  public UsageReport run() {
    ReportQuery query = new ReportQuery(period, filter, by, bucket, zone, distribution);
    expired.book();
    List<ReportRow> rows = store.report(query);
    UsageTotals total = UsageTotals.ZERO;
    for (ReportRow row : rows) {
      total = total.plus(row.totals());
    }
    return new UsageReport(query, rows, total, store.completeFrom());
  }
}

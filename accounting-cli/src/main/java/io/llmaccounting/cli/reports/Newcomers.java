package io.llmaccounting.cli.reports;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds calls that were recorded since the last look, each once. A call is recorded when it ends
 * and stamped with its begin, so what is new is not what is latest: every look goes back over the
 * last hour, cheaply where nothing was added. Confined to one thread.
 */
final class Newcomers {
  /** Calls that were under way for longer are not found. */
  static final Duration REACH = Duration.ofHours(1);

  // as far as a caller's clock may be ahead
  private static final Duration AHEAD = Duration.ofMinutes(10);

  private final LlmAccounting accounting;
  private final UsageFilter filter;
  private Set<UUID> seen = new HashSet<>();
  private @Nullable Instant start;
  private long counted;

  Newcomers(LlmAccounting accounting, UsageFilter filter) {
    this.accounting = accounting;
    this.filter = filter;
  }

  /**
   * Returns the calls that were recorded since the last look, oldest first; the first look finds
   * nothing new.
   */
  List<RecordedUsage> look(Instant now) {
    Instant from = now.minus(REACH).truncatedTo(ChronoUnit.HOURS);
    TimeRange period = new TimeRange(from, now.plus(AHEAD));
    long calls = accounting.report(period).only(filter).run().total().calls();
    if (from.equals(start) && calls == counted) {
      return List.of();
    }
    boolean first = start == null;
    start = from;
    counted = calls;
    Set<UUID> there = new HashSet<>();
    List<RecordedUsage> fresh = new ArrayList<>();
    accounting
        .admin()
        .transfer()
        .records(
            period,
            filter,
            history -> {
              RecordedUsage record = history.record();
              there.add(record.usage().id());
              if (!first && !seen.contains(record.usage().id())) {
                fresh.add(record);
              }
            });
    seen = there;
    return fresh;
  }

  /** Notes that these records were shown already. */
  void shown(List<RecordedUsage> records) {
    records.forEach(record -> seen.add(record.usage().id()));
  }
}

package io.llmaccounting.json;

import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Distribution;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeBucket;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageReport;
import io.llmaccounting.usage.UsageTotals;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reports by chance, the same for the same seed. */
final class RandomReport {
  private final RandomValues values;

  RandomReport(long seed) {
    values = new RandomValues(seed);
  }

  UsageReport next() {
    List<Dimension> by =
        Stream.of(Dimension.MODEL, Dimension.tag("team"), Dimension.USER)
            .filter(dimension -> values.random.nextBoolean())
            .toList();
    ReportQuery query =
        new ReportQuery(
            values.range(),
            new UsageFilter(values.who(), values.maybe(() -> values.random.nextBoolean())),
            by,
            values.maybe(() -> TimeBucket.values()[values.random.nextInt(4)]),
            ZoneId.of(values.random.nextBoolean() ? "UTC" : "Asia/Kolkata"),
            values.random.nextBoolean());
    List<ReportRow> rows = new ArrayList<>();
    for (int i = values.random.nextInt(4); i > 0; i--) {
      List<String> row = new ArrayList<>();
      by.forEach(dimension -> row.add(values.maybe(values::name)));
      rows.add(
          new ReportRow(
              row, values.maybe(values::range), totals(), values.maybe(this::distribution)));
    }
    return new UsageReport(query, rows, totals(), values.instant());
  }

  private UsageTotals totals() {
    return new UsageTotals(
        count(),
        count(),
        count(),
        count(),
        count(),
        count(),
        count(),
        count(),
        new TokenUsage(
            count(),
            count(),
            count(),
            count(),
            count(),
            count(),
            count(),
            count(),
            values.maybe(this::count)),
        Cost.ofNanos(count()),
        sum(),
        sum(),
        sum(),
        sum(),
        count(),
        sum(),
        new UsageTotals.Sum(count(), values.random.nextLong()));
  }

  private UsageTotals.Sum sum() {
    return new UsageTotals.Sum(count(), count());
  }

  private long count() {
    return switch (values.random.nextInt(6)) {
      case 0, 1 -> 0;
      case 2 -> Long.MAX_VALUE;
      default -> values.random.nextInt(100_000);
    };
  }

  private Distribution distribution() {
    return new Distribution(
        values.maybe(this::range),
        values.maybe(this::range),
        values.maybe(this::range),
        values.maybe(this::range),
        values.maybe(this::range),
        values.random.nextBoolean() ? Map.of() : Map.of(50, count(), 99, count()));
  }

  private Distribution.Range range() {
    return new Distribution.Range(count(), count());
  }
}

package io.llmaccounting.testkit;

import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Distribution;
import io.llmaccounting.usage.Distribution.Range;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageTotals;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Adds records up, one by one. */
final class ReportRows {
  private static final int[] PERCENTILES = {50, 90, 95, 99};

  private static final Comparator<@Nullable String> ABSENT_FIRST =
      Comparator.nullsFirst(Comparator.naturalOrder());

  private ReportRows() {}

  /** What a value is called in the report. */
  interface Naming {
    @Nullable String value(Dimension dimension, Usage usage);
  }

  static List<ReportRow> of(
      Map<RecordedUsage, Naming> records, Map<RolledUp, Naming> rolledUp, ReportQuery query) {
    Map<RowKey, List<RecordedUsage>> groups = new TreeMap<>();
    records.forEach(
        (record, naming) ->
            groups
                .computeIfAbsent(keyOf(record.current(), query, naming), key -> new ArrayList<>())
                .add(record));
    Map<RowKey, UsageTotals> purged = new HashMap<>();
    rolledUp.forEach(
        (sum, naming) -> {
          RowKey key = keyOf(sum.like(), query, naming);
          purged.merge(key, sum.totals(), UsageTotals::plus);
          groups.computeIfAbsent(key, missing -> List.of());
        });
    List<ReportRow> rows = new ArrayList<>();
    groups.forEach(
        (key, group) ->
            rows.add(
                new ReportRow(
                    key.values(),
                    key.bucket(),
                    group.stream()
                        .map(UsageTotals::of)
                        .reduce(purged.getOrDefault(key, UsageTotals.ZERO), UsageTotals::plus),
                    query.distribution() ? distribution(group) : null)));
    return List.copyOf(rows);
  }

  private static RowKey keyOf(Usage usage, ReportQuery query, Naming naming) {
    List<@Nullable String> values = new ArrayList<>();
    query.by().forEach(dimension -> values.add(naming.value(dimension, usage)));
    return new RowKey(
        query.bucket() == null
            ? null
            : cut(query.bucket().of(usage.occurredAt(), query.zone()), query.period()),
        values);
  }

  static TimeRange cut(TimeRange bucket, TimeRange period) {
    return new TimeRange(
        bucket.from().isBefore(period.from()) ? period.from() : bucket.from(),
        bucket.to().isAfter(period.to()) ? period.to() : bucket.to());
  }

  private static Distribution distribution(List<RecordedUsage> group) {
    List<Long> latencies = sorted(group, ReportRows::latency);
    Map<Integer, Long> percentiles = new TreeMap<>();
    if (!latencies.isEmpty()) {
      for (int percent : PERCENTILES) {
        percentiles.put(percent, nearestRank(latencies, percent));
      }
    }
    return new Distribution(
        range(sorted(group, tokens(TokenUsage::input))),
        range(sorted(group, tokens(TokenUsage::output))),
        range(sorted(group, tokens(TokenUsage::total))),
        range(sorted(group, record -> record.cost().map(Cost::nanos).orElse(null))),
        range(latencies),
        percentiles);
  }

  private static @Nullable Long latency(RecordedUsage record) {
    var latency = record.usage().details().latency();
    return latency == null ? null : latency.dividedBy(ChronoUnit.MICROS.getDuration());
  }

  private static Function<RecordedUsage, @Nullable Long> tokens(Function<TokenUsage, Long> part) {
    return record -> {
      TokenUsage tokens = record.current().tokens();
      return tokens == null ? null : part.apply(tokens);
    };
  }

  private static List<Long> sorted(
      List<RecordedUsage> group, Function<RecordedUsage, @Nullable Long> value) {
    return group.stream().map(value).filter(Objects::nonNull).sorted().toList();
  }

  private static @Nullable Range range(List<Long> sorted) {
    return sorted.isEmpty() ? null : new Range(sorted.get(0), sorted.get(sorted.size() - 1));
  }

  private static long nearestRank(List<Long> sorted, int percent) {
    long rank = ((long) sorted.size() * percent + 99) / 100;
    return sorted.get((int) rank - 1);
  }

  private record RowKey(@Nullable TimeRange bucket, List<@Nullable String> values)
      implements Comparable<RowKey> {

    @Override
    public int compareTo(RowKey other) {
      if (bucket != null && other.bucket != null && !bucket.equals(other.bucket)) {
        return bucket.from().compareTo(other.bucket.from());
      }
      for (int i = 0; i < values.size(); i++) {
        int byValue = ABSENT_FIRST.compare(values.get(i), other.values.get(i));
        if (byValue != 0) {
          return byValue;
        }
      }
      return 0;
    }
  }
}

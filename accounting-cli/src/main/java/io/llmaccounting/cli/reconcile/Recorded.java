package io.llmaccounting.cli.reconcile;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeBucket;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageReport;
import io.llmaccounting.usage.UsageTotals;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What was recorded at the places that a provider counted. A provider counts by dated names, {@code
 * gpt-5-mini-2025-08-07}, of which a record knows the undated one where nobody told it what
 * answered. Confined to one thread.
 */
final class Recorded {
  private static final Pattern DATE = Pattern.compile("[-@](?:\\d{4}-\\d{2}-\\d{2}|\\d{8})$");

  private final String provider;
  private final TreeSet<Place> counted;
  private final Map<Place, UsageTotals> sums = new TreeMap<>();
  private long unnamed;
  private long leftOut;

  private Recorded(String provider, Set<Place> counted) {
    this.provider = provider;
    this.counted = new TreeSet<>(counted);
  }

  static Recorded of(LlmAccounting accounting, String provider, Set<Place> counted) {
    Recorded recorded = new Recorded(provider, counted);
    recorded.add(accounting, Match.is(provider), true);
    recorded.add(accounting, Match.absent(), false);
    return recorded;
  }

  /** The sums by place; those of a whole day have no model. */
  Map<Place, UsageTotals> sums() {
    return sums;
  }

  /** All that was recorded on the days in question, whatever its model. */
  UsageTotals total() {
    return sums.entrySet().stream()
        .filter(one -> one.getKey().model() == null)
        .map(Map.Entry::getValue)
        .reduce(UsageTotals.ZERO, UsageTotals::plus);
  }

  /** Calls without a provider that are in the sums, since the provider counted their model. */
  long unnamed() {
    return unnamed;
  }

  /** Calls without a provider that are not in the sums. */
  long leftOut() {
    return leftOut;
  }

  private void add(LlmAccounting accounting, Match whose, boolean isNamed) {
    UsageReport report =
        accounting
            .report(
                TimeRange.between(
                    counted.first().day(), counted.last().day().plusDays(1), ZoneOffset.UTC))
            .only(UsageFilter.all().with(Dimension.PROVIDER, whose))
            .by(Dimension.MODEL, Dimension.RESPONSE_MODEL)
            .each(TimeBucket.DAY, ZoneOffset.UTC)
            .run();
    for (ReportRow row : report.rows()) {
      TimeRange bucket = row.bucket();
      if (bucket != null) {
        LocalDate day = LocalDate.ofInstant(bucket.from(), ZoneOffset.UTC);
        String model =
            report
                .value(row, Dimension.RESPONSE_MODEL)
                .or(() -> report.value(row, Dimension.MODEL))
                .orElse(null);
        add(new Place(day, model), row.totals(), isNamed);
      }
    }
  }

  private void add(Place given, UsageTotals totals, boolean isNamed) {
    Place place = counted(given);
    if (!isNamed && place == null) {
      leftOut = Math.addExact(leftOut, totals.calls());
      return;
    }
    unnamed = Math.addExact(unnamed, isNamed ? 0 : totals.calls());
    sums.merge(place == null ? given : place, totals, UsageTotals::plus);
    sums.merge(new Place(given.day(), null), totals, UsageTotals::plus);
  }

  // The place of this very name, else the only one of the same model whatever its date.
  private @Nullable Place counted(Place given) {
    if (given.model() == null || counted.contains(given)) {
      return given.model() == null ? null : given;
    }
    String undated = undated(given.model());
    List<Place> alike =
        counted.stream()
            .filter(one -> one.day().equals(given.day()) && one.model() != null)
            .filter(one -> one.model() != null && undated(one.model()).equals(undated))
            .filter(one -> isOneUndated(one, given))
            .toList();
    return alike.size() == 1 ? alike.get(0) : null;
  }

  // two different dates are two different models
  private boolean isOneUndated(Place one, Place other) {
    return isUndated(one.model()) || isUndated(other.model());
  }

  private boolean isUndated(@Nullable String model) {
    return model != null && plain(model).equals(undated(model));
  }

  private String undated(String model) {
    return DATE.matcher(plain(model)).replaceFirst("");
  }

  private String plain(String model) {
    String lower = model.toLowerCase(Locale.ROOT);
    String maker = provider.toLowerCase(Locale.ROOT) + "/";
    return lower.startsWith(maker) ? lower.substring(maker.length()) : lower;
  }
}

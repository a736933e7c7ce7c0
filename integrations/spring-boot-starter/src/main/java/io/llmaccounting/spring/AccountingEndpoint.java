package io.llmaccounting.spring;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.OwnedLimit;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageReport;
import io.llmaccounting.usage.UsageTotals;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Shows the limits as they stand, and what was used today. It reads the database when it is asked.
 */
@Endpoint(id = "llmaccounting")
final class AccountingEndpoint {
  private static final int MOST_COUNTERS = 1000;
  private static final int MOST_MODELS = 50;

  private final LlmAccounting accounting;
  private final ZoneId zone;

  AccountingEndpoint(LlmAccounting accounting, ZoneId zone) {
    this.accounting = accounting;
    this.zone = zone;
  }

  /** All limits and what was used today. */
  @ReadOperation
  Map<String, Object> overview() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("limits", limits(accounting.limits().status()));
    all.put("today", today());
    return all;
  }

  /** The counters of one limit; null, which is 404, where there is none of this name. */
  @ReadOperation
  @Nullable List<Map<String, Object>> limit(@Selector String name) {
    return accounting.limits().find(name).isEmpty()
        ? null
        : limits(accounting.limits().status(name));
  }

  private List<Map<String, Object>> limits(List<LimitStatus> counters) {
    Map<String, Object> owners = new LinkedHashMap<>();
    for (OwnedLimit owned : accounting.limits().owned()) {
      put(owners, owned.limit().name(), owned.set());
    }
    return counters.stream()
        .limit(MOST_COUNTERS)
        .map(counter -> of(counter, owners.get(counter.limit().name())))
        .toList();
  }

  private static Map<String, Object> of(LimitStatus status, @Nullable Object set) {
    Map<String, Object> limit = new LinkedHashMap<>();
    limit.put("name", status.limit().name());
    put(limit, "set", set);
    put(limit, "subject", status.subject().isEmpty() ? null : status.subject());
    limit.put("limit", status.limit().toString());
    limit.put("used", status.limit().metric().format(status.used()));
    limit.put("held", status.limit().metric().format(status.held()));
    limit.put("remaining", status.remaining().toString());
    put(limit, "resetsAt", status.resetsAt().map(String::valueOf).orElse(null));
    return limit;
  }

  private Map<String, Object> today() {
    UsageReport report = accounting.report(TimeRange.today(zone)).by(Dimension.MODEL).run();
    Map<String, Object> today = of(report.total());
    List<Map<String, Object>> models = new ArrayList<>();
    report
        .top(MOST_MODELS, UsageTotals::calls)
        .forEach(
            row -> {
              Map<String, Object> model = new LinkedHashMap<>();
              put(model, "model", report.value(row, Dimension.MODEL).orElse(null));
              model.putAll(of(row.totals()));
              models.add(model);
            });
    today.put("models", models);
    return today;
  }

  private static Map<String, Object> of(UsageTotals totals) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("calls", totals.calls());
    figures.put("failed", totals.failed());
    figures.put("unpriced", totals.unpriced());
    figures.put("inputTokens", totals.tokens().input());
    figures.put("outputTokens", totals.tokens().output());
    figures.put("cost", totals.cost().toString());
    return figures;
  }

  private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
    if (value != null) {
      fields.put(name, value);
    }
  }
}

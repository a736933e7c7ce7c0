package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.cli.console.Shown;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.OwnedLimit;
import io.llmaccounting.limit.Window;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Limits as they are printed. */
final class LimitRows {
  private static final List<Column> SHORT =
      List.of(
          Column.text("name"),
          Column.text("metric"),
          Column.amount("maximum"),
          Column.text("window"),
          Column.text("action").asSpare(),
          Column.map("watches").asSpare(),
          Column.duration("leased").asSpare(),
          Column.text("set").asSpare());

  private static final List<Column> WHOLE =
      List.of(
          Column.text("name"),
          Column.text("metric"),
          Column.amount("maximum"),
          Column.text("window"),
          Column.text("action"),
          Column.map("watches"),
          Column.list("alerts"),
          Column.text("on_outage"),
          Column.text("unpriced"),
          Column.duration("grain"),
          Column.text("weights"),
          Column.duration("leased"),
          Column.text("set"));

  private LimitRows() {}

  /** Prints one limit with everything that it says. */
  static void print(Run run, OwnedLimit owned) {
    Limit limit = owned.limit();
    try (Sheet sheet = run.record(WHOLE)) {
      sheet.row(
          limit.name(),
          limit.metric(),
          Amounts.of(limit.metric(), limit.maximum()),
          window(limit),
          action(limit),
          watches(limit),
          limit.alertPercents().stream().map(percent -> percent + "%").toList(),
          limit.isExemption() ? null : Policies.outageText(limit),
          limit.isExemption() ? null : Policies.unpricedShown(limit),
          grain(limit),
          limit.weights() == null ? null : limit.weights().toString(),
          limit.leaseTerm(),
          owned.set());
    }
  }

  /** Prints many limits, with what matters of each. */
  static void print(Run run, List<OwnedLimit> limits) {
    try (Sheet sheet = run.rows(SHORT)) {
      for (OwnedLimit owned : limits) {
        Limit limit = owned.limit();
        sheet.row(
            limit.name(),
            limit.metric(),
            Amounts.of(limit.metric(), limit.maximum()),
            window(limit),
            action(limit),
            watches(limit),
            limit.leaseTerm(),
            owned.set());
      }
    }
  }

  /** Prints the limit of this name, as it is stored. */
  static void print(Run run, String name) {
    for (OwnedLimit owned : run.accounting().limits().owned()) {
      if (owned.limit().name().equals(name)) {
        print(run, owned);
        return;
      }
    }
    throw unknown(name);
  }

  static Failure unknown(String name) {
    return Failure.failed(
        "there is no limit \"" + name + "\"", "See 'llm-accounting limits list'.");
  }

  private static @Nullable Shown window(Limit limit) {
    return limit.isExemption()
        ? null
        : Shown.as(limit.window().toString(), Words.window(limit.window()));
  }

  private static String action(Limit limit) {
    return limit.isExemption()
        ? "exempt"
        : limit.action().name().toLowerCase(java.util.Locale.ROOT);
  }

  private static Object watches(Limit limit) {
    Map<String, String> watches = new LinkedHashMap<>();
    Map<String, String> words = new LinkedHashMap<>();
    limit
        .who()
        .forEach(
            (dimension, match) -> {
              watches.put(dimension.toString(), match.toString());
              words.put(dimension.toString(), Words.match(match));
            });
    String text =
        words.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(", "));
    return Shown.as(watches, watches.isEmpty() ? "all calls" : text);
  }

  private static @Nullable Duration grain(Limit limit) {
    boolean rolls =
        limit.window() instanceof Window.Rolling || limit.window() instanceof Window.RollingMonths;
    return rolls ? limit.grain() : null;
  }
}

package io.llmaccounting.json;

import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitAction;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.OutagePolicy;
import io.llmaccounting.limit.OwnedLimit;
import io.llmaccounting.limit.TokenWeights;
import io.llmaccounting.limit.UnpricedPolicy;
import io.llmaccounting.limit.Window;
import io.llmaccounting.usage.Cost;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.TreeSet;

/**
 * The definition of a limit as a line; its counters are left out, because they follow from the
 * records.
 */
public final class LimitLine {
  private static final String KIND = "limit";
  private static final String UNLIMITED = "unlimited";
  private static final Duration MICROSECOND = Duration.of(1, ChronoUnit.MICROS);

  private LimitLine() {}

  /** Writes a line. */
  public static void write(JsonWriter to, Limit limit) throws IOException {
    to.begin(KIND);
    writeFields(to, limit);
    to.end();
  }

  /** Writes a line that names the set which owns the limit, if one does. */
  public static void write(JsonWriter to, OwnedLimit owned) throws IOException {
    to.begin(KIND);
    writeFields(to, owned.limit());
    to.text("set", owned.set()).end();
  }

  /** Writes the fields into an object that is open. */
  static void writeFields(JsonWriter to, Limit limit) throws IOException {
    Duration grain = limit.chosenGrain();
    to.text("name", limit.name())
        .word("metric", limit.metric())
        .text("max", limit.isExemption() ? UNLIMITED : amount(limit.metric(), limit.maximum()))
        .text("window", limit.window())
        .map("who", MatchFields.texts(limit.who()))
        .word("action", limit.action())
        .numbers("alerts", limit.alertPercents())
        .text("open_on_outage", amount(limit.metric(), limit.outage().openAmount()))
        .word("unpriced", limit.unpriced().kind())
        .text("unpriced_ceiling", amount(Metric.COST, limit.unpriced().ceiling().nanos()))
        .number("grain_micros", grain == null ? null : grain.dividedBy(MICROSECOND))
        .text("weights", limit.weights())
        .text("lease_term", limit.leaseTerm());
  }

  private static String amount(Metric metric, long amount) {
    return AmountText.of(metric, amount);
  }

  /**
   * Reads a limit from a line, or from an object that holds its fields.
   *
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  public static Limit read(JsonFields line) {
    return readOwned(line).limit();
  }

  /**
   * Reads a limit from a line, with the set that owns it.
   *
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  public static OwnedLimit readOwned(JsonFields line) {
    line.requireKind(KIND);
    OwnedLimit owned = new OwnedLimit(fields(line), line.optionalText("set"));
    line.requireNoOthers();
    return owned;
  }

  private static Limit fields(JsonFields line) {
    Metric metric = line.word("metric", Metric.class);
    String weights = line.optionalText("weights");
    Long grain = line.optionalNumber("grain_micros");
    TreeSet<Integer> alerts = new TreeSet<>();
    for (long percent : line.numbers("alerts")) {
      if (percent != (int) percent) {
        throw new IllegalArgumentException("alerts must be percents, had " + percent);
      }
      alerts.add((int) percent);
    }
    UnpricedPolicy unpriced =
        new UnpricedPolicy(
            line.word("unpriced", UnpricedPolicy.Kind.class),
            Cost.ofNanos(amount(line, "unpriced_ceiling", Metric.COST)));
    return new Limit(
        line.text("name"),
        MatchFields.read("who", line.texts("who")),
        metric,
        line.text("max").equals(UNLIMITED) ? Limit.UNLIMITED : amount(line, "max", metric),
        line.parsed("window", Window::parse),
        line.word("action", LimitAction.class),
        alerts,
        new OutagePolicy(amount(line, "open_on_outage", metric)),
        unpriced,
        grain == null ? null : Duration.of(grain, ChronoUnit.MICROS),
        weights == null ? null : line.parsed("weights", TokenWeights::parse),
        line.optionalText("lease_term") == null
            ? null
            : line.parsed("lease_term", Duration::parse));
  }

  private static long amount(JsonFields line, String name, Metric metric) {
    return metric == Metric.COST
        ? line.parsed(name, text -> AmountText.parse(name, metric, text))
        : AmountText.parse(name, metric, line.text(name));
  }
}

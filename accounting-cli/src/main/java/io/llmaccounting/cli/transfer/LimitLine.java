package io.llmaccounting.cli.transfer;

import io.llmaccounting.cli.limits.Amounts;
import io.llmaccounting.cli.lines.JsonFields;
import io.llmaccounting.cli.lines.JsonWriter;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitAction;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.OutagePolicy;
import io.llmaccounting.limit.TokenWeights;
import io.llmaccounting.limit.UnpricedPolicy;
import io.llmaccounting.limit.Window;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A limit as a line: as it is defined; what its counters count follows from the records. */
final class LimitLine {
  private static final String UNLIMITED = "unlimited";
  private static final Duration MICROSECOND = Duration.of(1, ChronoUnit.MICROS);
  private static final String TAG = "tag:";

  private LimitLine() {}

  static void write(JsonWriter to, Limit limit) throws IOException {
    Map<String, String> who = new TreeMap<>();
    limit.who().forEach((dimension, match) -> who.put(dimension.toString(), match.toString()));
    Duration grain = limit.chosenGrain();
    to.begin(Kind.LIMIT.word())
        .text("name", limit.name())
        .word("metric", limit.metric())
        .text(
            "max", limit.isExemption() ? UNLIMITED : Amounts.text(limit.metric(), limit.maximum()))
        .text("window", limit.window())
        .map("who", who)
        .word("action", limit.action())
        .numbers("alerts", limit.alertPercents())
        .text("open_on_outage", Amounts.text(limit.metric(), limit.outage().openAmount()))
        .word("unpriced", limit.unpriced().kind())
        .text("unpriced_ceiling", Amounts.text(Metric.COST, limit.unpriced().ceiling().nanos()))
        .number("grain_micros", grain == null ? null : grain.dividedBy(MICROSECOND))
        .text("weights", limit.weights())
        .end();
  }

  static Limit read(JsonFields line) {
    Metric metric = line.word("metric", Metric.class);
    String max = line.text("max");
    String weights = line.optionalText("weights");
    Long grain = line.optionalNumber("grain_micros");
    UnpricedPolicy unpriced =
        new UnpricedPolicy(
            line.word("unpriced", UnpricedPolicy.Kind.class),
            Cost.ofNanos(
                Amounts.parse("unpriced_ceiling", Metric.COST, line.text("unpriced_ceiling"))));
    TreeSet<Integer> alerts = new TreeSet<>();
    line.numbers("alerts").forEach(percent -> alerts.add(Math.toIntExact(percent)));
    return new Limit(
        line.text("name"),
        who(line.texts("who")),
        metric,
        max.equals(UNLIMITED) ? Limit.UNLIMITED : Amounts.parse("max", metric, max),
        Window.parse(line.text("window")),
        line.word("action", LimitAction.class),
        alerts,
        new OutagePolicy(Amounts.parse("open_on_outage", metric, line.text("open_on_outage"))),
        unpriced,
        grain == null ? null : Duration.of(grain, ChronoUnit.MICROS),
        weights == null ? null : TokenWeights.parse(weights));
  }

  private static Map<Dimension, Match> who(Map<String, String> texts) {
    Map<Dimension, Match> who = new TreeMap<>();
    texts.forEach((dimension, match) -> who.put(dimension(dimension), match(match)));
    return who;
  }

  private static Dimension dimension(String text) {
    if (text.startsWith(TAG)) {
      return Dimension.tag(text.substring(TAG.length()));
    }
    try {
      return new Dimension(Dimension.Kind.valueOf(text.toUpperCase(Locale.ROOT)), null);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("who must name a dimension, was \"" + text + "\"", e);
    }
  }

  private static Match match(String text) {
    int blank = text.indexOf(' ');
    String word = blank < 0 ? text : text.substring(0, blank);
    @Nullable String value = blank < 0 ? null : text.substring(blank + 1);
    try {
      return new Match(Match.Kind.valueOf(word.toUpperCase(Locale.ROOT)), value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "who must be \"is NAME\", \"prefix TEXT\", \"each\" or \"absent\", was \"" + text + "\"",
          e);
    }
  }
}

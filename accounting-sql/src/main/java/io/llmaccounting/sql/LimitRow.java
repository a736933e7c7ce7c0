package io.llmaccounting.sql;

import io.llmaccounting.backend.StoredLimit;
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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A limit as a row: all columns of quota_limit in their order. */
public final class LimitRow {
  /** Reads limits, without a WHERE. */
  static final String SELECT =
      "SELECT id, name, who, metric, maximum, window_rule, action, alert_percents, open_amount,"
          + " unpriced, unpriced_ceiling, grain, weights, lease_micros, set_name FROM quota_limit";

  private LimitRow() {}

  /** The limit that {@code row} stands on, all columns in their order. */
  public static StoredLimit read(ResultSet row, SqlDialect dialect) throws SQLException {
    Columns from = new Columns(row, dialect);
    try {
      return new StoredLimit(
          from.number(),
          new Limit(
              from.text(),
              who(from.texts()),
              Metric.valueOf(from.text()),
              from.number(),
              Window.parse(from.text()),
              LimitAction.valueOf(from.text()),
              percents(from.text()),
              new OutagePolicy(from.number()),
              new UnpricedPolicy(
                  UnpricedPolicy.Kind.valueOf(from.text()), Cost.ofNanos(from.number())),
              from.optionalDuration(),
              weights(from.optionalText()),
              from.optionalDuration()),
          from.optionalText());
    } catch (IllegalArgumentException e) {
      throw Damage.of("a stored limit is none: " + e.getMessage(), e);
    }
  }

  /** Binds all columns. */
  static void bind(StoredLimit stored, Parameters to) throws SQLException {
    Limit limit = stored.limit();
    Map<String, String> who = new TreeMap<>();
    limit.who().forEach((dimension, match) -> who.put(dimension.toString(), match.toString()));
    to.number(stored.id())
        .text(limit.name())
        .json(who)
        .text(limit.metric().name())
        .number(limit.maximum())
        .text(limit.window().toString())
        .text(limit.action().name())
        .text(limit.alertPercents().stream().map(String::valueOf).collect(Collectors.joining(" ")))
        .number(limit.outage().openAmount())
        .text(limit.unpriced().kind().name())
        .number(limit.unpriced().ceiling().nanos())
        .duration(limit.chosenGrain())
        .text(limit.weights() == null ? null : limit.weights().toString())
        .duration(limit.leaseTerm())
        .text(stored.set());
  }

  private static @Nullable TokenWeights weights(@Nullable String text) {
    return text == null ? null : TokenWeights.parse(text);
  }

  private static Map<Dimension, Match> who(Map<String, String> texts) {
    Map<Dimension, Match> who = new TreeMap<>();
    texts.forEach((dimension, match) -> who.put(Dimension.parse(dimension), Match.parse(match)));
    return who;
  }

  private static SortedSet<Integer> percents(String text) {
    SortedSet<Integer> percents = new TreeSet<>();
    for (String percent : text.split(" ", -1)) {
      if (!percent.isEmpty()) {
        percents.add(Integer.valueOf(percent));
      }
    }
    return percents;
  }
}

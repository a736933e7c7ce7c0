package io.llmaccounting.micrometer;

import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.CallDetails;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is counted as calls go. Safe for use by many threads. */
final class CallCounters {
  /** The value of a tag where a call has none. */
  static final String NONE = "none";

  private static final double NANO_DOLLARS = 1e9;
  private static final List<Dimension.Kind> ORDER =
      List.of(
          Dimension.Kind.PROVIDER,
          Dimension.Kind.MODEL,
          Dimension.Kind.PROJECT,
          Dimension.Kind.CALLER,
          Dimension.Kind.USER);

  private final List<Dimension.Kind> dimensions;
  private final KnownValues callers;
  private final KnownValues limits;
  private final Series calls;
  private final Series tokens;
  private final Series cost;
  private final Series denials;
  private final Series warnings;
  private final Series alerts;
  private final @Nullable Durations latency;
  private final @Nullable Durations firstToken;

  CallCounters(MetricsSettings settings, Tags always) {
    dimensions = ORDER.stream().filter(settings.tags()::contains).toList();
    callers = new KnownValues(settings.mostSeries());
    limits = new KnownValues(settings.mostSeries());
    List<String> who = dimensions.stream().map(CallCounters::word).toList();
    calls =
        series(
            always, "calls", "Calls that were recorded, by how they ended", with(who, "outcome"));
    tokens =
        series(
            always,
            "tokens",
            "Tokens that calls consumed, in kinds that do not overlap",
            with(who, "type"));
    cost = cost(always, who);
    denials =
        series(
            always,
            "denials",
            "Calls refused, once for each limit that had no room",
            List.of("limit", "reason"));
    warnings =
        series(
            always,
            "warnings",
            "Calls let through by a limit that only warns and had no room",
            List.of("limit"));
    alerts = series(always, "alerts", "Thresholds of limits that were crossed", List.of("limit"));
    boolean measures = settings.durations();
    latency = measures ? new Durations("latency", "How long calls took", who, always) : null;
    firstToken =
        measures
            ? new Durations(
                "first.token", "How long the first token of an answer took", who, always)
            : null;
  }

  private static Series cost(Tags always, List<String> who) {
    return new Series(
        new Series.Name(
            AccountingMetrics.PREFIX + "cost",
            "What calls cost, as far as it is known",
            "dollars",
            NANO_DOLLARS,
            who),
        always);
  }

  private static Series series(Tags always, String name, String about, List<String> tags) {
    return new Series(new Series.Name(AccountingMetrics.PREFIX + name, about, "", 1, tags), always);
  }

  private static List<String> with(List<String> values, String last) {
    List<String> all = new ArrayList<>(values);
    all.add(last);
    return List.copyOf(all);
  }

  void bindTo(MeterRegistry registry) {
    List.of(calls, tokens, cost, denials, warnings, alerts)
        .forEach(series -> series.bindTo(registry));
    if (latency != null && firstToken != null) {
      latency.bindTo(registry);
      firstToken.bindTo(registry);
    }
  }

  void recorded(Usage usage) {
    List<String> who = callers.of(values(usage.model(), usage.provider(), usage.attribution()));
    calls.add(with(who, word(usage.outcome())), 1);
    if (usage.tokens() != null) {
      count(who, usage.tokens());
    }
    usage.cost().ifPresent(known -> cost.add(who, known.nanos()));
    CallDetails details = usage.details();
    measure(latency, who, details.latency());
    measure(firstToken, who, details.timeToFirstToken());
  }

  private static void measure(
      @Nullable Durations durations, List<String> who, @Nullable Duration duration) {
    if (durations != null && duration != null) {
      durations.record(who, duration);
    }
  }

  private void count(List<String> who, TokenUsage used) {
    count(who, "input", used.uncachedInput());
    count(who, "cache_read", used.cacheRead());
    count(who, "cache_write", used.cacheWrite());
    count(who, "audio_input", used.audioInput());
    count(who, "output", used.textOutput());
    count(who, "reasoning", used.reasoning());
    count(who, "audio_output", used.audioOutput());
  }

  private void count(List<String> who, String type, long more) {
    if (more > 0) {
      tokens.add(with(who, type), more);
    }
  }

  void denied(List<Exceeded> exceeded) {
    for (Exceeded one : exceeded) {
      denials.add(with(limit(one.status().limit().name()), word(one.reason())), 1);
    }
  }

  void warned(List<Exceeded> exceeded) {
    for (Exceeded one : exceeded) {
      warnings.add(limit(one.status().limit().name()), 1);
    }
  }

  void alerted(String limit) {
    alerts.add(limit(limit), 1);
  }

  private List<String> limit(String name) {
    return limits.of(List.of(name));
  }

  private List<String> values(String model, @Nullable String provider, Attribution attribution) {
    List<String> values = new ArrayList<>();
    for (Dimension.Kind kind : dimensions) {
      String value = new Dimension(kind, null).of(model, provider, attribution);
      values.add(value == null ? NONE : value);
    }
    return List.copyOf(values);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}

package io.llmaccounting.opentelemetry;

import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleCounter;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/** What is measured of calls. Safe for use by many threads. */
final class CallMetrics {
  private static final double NANOS = 1e9;

  // the bounds that the conventions advise
  private static final List<Long> TOKEN_BOUNDS =
      LongStream.iterate(1, bound -> bound <= 67_108_864, bound -> bound * 4).boxed().toList();
  private static final List<Double> SECOND_BOUNDS =
      DoubleStream.iterate(0.01, bound -> bound <= 81.92, bound -> bound * 2).boxed().toList();

  private final LongHistogram tokens;
  private final DoubleHistogram durations;
  private final DoubleCounter cost;
  private final LongCounter denials;

  CallMetrics(Meter meter, TelemetrySettings settings) {
    tokens =
        meter
            .histogramBuilder(settings.tokenMetric())
            .ofLongs()
            .setUnit("{token}")
            .setDescription("Input and output tokens used")
            .setExplicitBucketBoundariesAdvice(TOKEN_BOUNDS)
            .build();
    durations =
        meter
            .histogramBuilder(settings.durationMetric())
            .setUnit("s")
            .setDescription("How long calls took")
            .setExplicitBucketBoundariesAdvice(SECOND_BOUNDS)
            .build();
    cost =
        meter
            .counterBuilder("llm.accounting.cost")
            .ofDoubles()
            .setUnit("USD")
            .setDescription("What calls cost, as far as it is known")
            .build();
    denials =
        meter
            .counterBuilder("llm.accounting.denials")
            .setUnit("{call}")
            .setDescription("Calls refused, once for each limit that had no room")
            .build();
  }

  void recorded(Usage usage, Attributes common) {
    TokenUsage used = usage.tokens();
    if (used != null) {
      tokens.record(used.input(), common.toBuilder().put(GenAi.TOKEN_TYPE, "input").build());
      tokens.record(used.output(), common.toBuilder().put(GenAi.TOKEN_TYPE, "output").build());
    }
    Duration latency = usage.details().latency();
    if (latency != null) {
      durations.record(latency.toNanos() / NANOS, common);
    }
    usage.cost().ifPresent(known -> cost.add(known.nanos() / NANOS, common));
  }

  void denied(Decision.Denied denied) {
    for (Exceeded one : denied.exceeded()) {
      denials.add(
          1,
          Attributes.of(
              AttributeKey.stringKey("llm.accounting.limit"),
              one.status().limit().name(),
              AttributeKey.stringKey("llm.accounting.reason"),
              word(one.reason())));
    }
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}

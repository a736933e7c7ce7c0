package io.llmaccounting.server.sinks;

import io.llmaccounting.backend.SinkState;
import io.llmaccounting.sinks.SinkProgress;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Meters of sinks, with the sink's name: how much waits and for how long, whether it fails, and
 * what this server delivered. What the store does not tell at present is not a number. Safe for use
 * by many threads.
 *
 * @param sinks what is metered
 */
public record SinkMeters(RunningSinks sinks) implements MeterBinder {
  private static final String PREFIX = "llm.accounting.sink.";
  private static final double MILLIS = 1_000;

  @Override
  public void bindTo(MeterRegistry registry) {
    for (SinkStatus sink : sinks.statuses()) {
      String name = sink.name();
      gauge(registry, "waiting", name, one -> stored(one, SinkState::waiting));
      gauge(registry, "dead.letters", name, one -> stored(one, SinkState::refused));
      gauge(registry, "lag.seconds", name, SinkMeters::lag);
      gauge(registry, "failing", name, one -> one.isFailing() ? 1 : 0);
      gauge(registry, "last.error.seconds", name, one -> stored(one, SinkMeters::lastError));
      counter(registry, "delivered", name, SinkProgress::delivered);
      counter(registry, "refused", name, SinkProgress::refused);
      counter(registry, "failures", name, SinkProgress::failures);
    }
  }

  private void gauge(
      MeterRegistry registry, String meter, String sink, ToDoubleFunction<SinkStatus> value) {
    Gauge unused =
        Gauge.builder(
                PREFIX + meter,
                () -> status(sinks, sink).map(value::applyAsDouble).orElse(Double.NaN))
            .tag("sink", sink)
            .register(registry);
  }

  private void counter(
      MeterRegistry registry, String meter, String sink, ToLongFunction<SinkProgress> value) {
    FunctionCounter unused =
        FunctionCounter.builder(
                PREFIX + meter,
                sinks,
                all -> status(all, sink).map(one -> value.applyAsLong(one.progress())).orElse(0L))
            .tag("sink", sink)
            .register(registry);
  }

  private static Optional<SinkStatus> status(RunningSinks sinks, String sink) {
    return sinks.statuses().stream().filter(one -> one.name().equals(sink)).findFirst();
  }

  private static double stored(SinkStatus sink, ToDoubleFunction<SinkState> value) {
    SinkState state = sink.state();
    return state == null ? Double.NaN : value.applyAsDouble(state);
  }

  private static double lag(SinkStatus sink) {
    Duration lag = sink.lag();
    return lag == null ? Double.NaN : lag.toMillis() / MILLIS;
  }

  // as Prometheus has times: seconds since 1970, 0 where there is none
  private static double lastError(SinkState state) {
    Instant at = state.errorAt();
    return at == null ? 0 : at.toEpochMilli() / MILLIS;
  }
}

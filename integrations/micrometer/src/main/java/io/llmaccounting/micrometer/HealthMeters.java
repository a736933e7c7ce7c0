package io.llmaccounting.micrometer;

import io.llmaccounting.health.Health;
import io.llmaccounting.health.Health.Counts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Meters that read health whenever they are read. Safe for use by many threads. */
final class HealthMeters {
  private static final double MICROS = 1e6;

  private final Tags always;
  private volatile @Nullable Supplier<Health> source;

  HealthMeters(Tags always) {
    this.always = always;
  }

  void watch(Supplier<Health> health) {
    source = health;
  }

  private double read(ToDoubleFunction<Health> value, double otherwise) {
    Supplier<Health> known = source;
    return known == null ? otherwise : value.applyAsDouble(known.get());
  }

  void bindTo(MeterRegistry registry) {
    events()
        .forEach(
            (event, count) ->
                counter(
                    registry,
                    "records",
                    "What became of records",
                    Tags.of("event", event),
                    health -> count.applyAsLong(health.counts())));
    happened(registry);
    gauge(
        registry,
        "calls.underway",
        "Calls that began in this process and have not ended",
        Tags.empty(),
        Health::underWay);
    for (Health.Breaker state : Health.Breaker.values()) {
      gauge(
          registry,
          "breaker",
          "1 for the state that the breaker of the store is in",
          Tags.of("state", state.name().toLowerCase(Locale.ROOT)),
          health -> health.store().breaker() == state ? 1 : 0);
    }
    waiting(registry);
    spool(registry);
    commits(registry);
  }

  private void happened(MeterRegistry registry) {
    counter(
        registry,
        "refused",
        "Calls and growth that were refused",
        Tags.empty(),
        health -> health.counts().denied());
    counter(
        registry,
        "contained",
        "Failures that were kept from the application",
        Tags.empty(),
        health -> health.counts().contained());
    counter(
        registry,
        "unread",
        "Answers with keys of usage that were not understood",
        Tags.empty(),
        health -> health.unreadKeys().values().stream().mapToLong(Long::longValue).sum());
  }

  private static Map<String, ToLongFunction<Counts>> events() {
    Map<String, ToLongFunction<Counts>> events = new LinkedHashMap<>();
    events.put("recorded", Counts::recorded);
    events.put("duplicate", Counts::duplicates);
    events.put("superseded", Counts::superseded);
    events.put("conflict", Counts::conflicts);
    events.put("late", Counts::late);
    events.put("unpriced", Counts::unpriced);
    events.put("estimated", Counts::estimated);
    events.put("expired", Counts::expired);
    events.put("spooled", Counts::spooled);
    events.put("replayed", Counts::replayed);
    events.put("dead_lettered", Counts::deadLettered);
    events.put("rejected", Counts::rejected);
    events.put("lost", Counts::lost);
    events.put("in_others", Counts::inOthers);
    return events;
  }

  private void waiting(MeterRegistry registry) {
    gauge(
        registry,
        "buffer.records",
        "Records that wait in memory",
        Tags.empty(),
        health -> health.buffer().records());
    gauge(
        registry,
        "buffer.records.max",
        "How many records may wait in memory",
        Tags.empty(),
        health -> health.buffer().mostRecords());
    gauge(
        registry,
        "buffer.size",
        "Size of the records that wait in memory, in bytes, estimated",
        Tags.empty(),
        health -> health.buffer().bytes());
  }

  private void spool(MeterRegistry registry) {
    gauge(
        registry,
        "spool.current",
        "1 while the spool can tell how full it is, else 0: its other figures are then old",
        Tags.empty(),
        health -> health.spool().isCurrent() ? 1 : 0);
    gauge(
        registry,
        "spool.records",
        "Records that wait on the local disk",
        Tags.empty(),
        health -> health.spool().records());
    gauge(
        registry,
        "spool.size",
        "Size of the spool, in bytes",
        Tags.empty(),
        health -> health.spool().bytes());
    gauge(
        registry,
        "spool.size.max",
        "How large the spool may be, in bytes",
        Tags.empty(),
        health -> health.spool().mostBytes());
    gauge(
        registry,
        "spool.dead.letters",
        "Records in the spool that the store refused",
        Tags.empty(),
        health -> health.spool().deadLetters());
    TimeGauge unused =
        TimeGauge.builder(
                AccountingMetrics.PREFIX + "spool.oldest",
                () -> read(health -> millis(health.spool().oldestAge()), Double.NaN),
                TimeUnit.MILLISECONDS)
            .description("How long the oldest record in the spool has waited")
            .tags(always)
            .register(registry);
  }

  private static double millis(@Nullable Duration duration) {
    return duration == null ? 0 : duration.toMillis();
  }

  private void commits(MeterRegistry registry) {
    FunctionTimer unused =
        FunctionTimer.builder(
                AccountingMetrics.PREFIX + "commit",
                this,
                meters -> (long) meters.read(health -> health.commitMicros().count(), 0),
                meters -> meters.read(health -> health.commitMicros().sum(), 0),
                TimeUnit.MICROSECONDS)
            .description("Transactions of the ledger, and how long they took")
            .tags(always)
            .register(registry);
    quantile(registry, "0.5", Health.Spread::p50);
    quantile(registry, "0.95", Health.Spread::p95);
    quantile(registry, "0.99", Health.Spread::p99);
    counter(
        registry,
        "commit.operations",
        "Operations that transactions of the ledger carried",
        Tags.empty(),
        health -> health.batchSizes().sum());
  }

  private void quantile(
      MeterRegistry registry, String quantile, ToLongFunction<Health.Spread> value) {
    gauge(
        registry,
        "commit.quantile.seconds",
        "So long transactions took at most, of all since the start",
        Tags.of("quantile", quantile),
        health -> value.applyAsLong(health.commitMicros()) / MICROS);
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String about,
      Tags tags,
      ToDoubleFunction<Health> value) {
    Gauge unused =
        Gauge.builder(AccountingMetrics.PREFIX + name, () -> read(value, Double.NaN))
            .description(about)
            .tags(always.and(tags))
            .register(registry);
  }

  private void counter(
      MeterRegistry registry,
      String name,
      String about,
      Tags tags,
      ToDoubleFunction<Health> value) {
    FunctionCounter unused =
        FunctionCounter.builder(
                AccountingMetrics.PREFIX + name, this, meters -> meters.read(value, 0))
            .description(about)
            .tags(always.and(tags))
            .register(registry);
  }
}

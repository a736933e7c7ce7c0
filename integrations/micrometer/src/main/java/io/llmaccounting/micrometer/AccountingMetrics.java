package io.llmaccounting.micrometer;

import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.health.Health;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Usage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Meters of one accounting. It is a listener, which the accounting's builder is given, and a
 * binder, which a registry is given; it counts from the moment at which it is made, whatever is
 * bound when. No meter asks the store. Safe for use by many threads.
 */
public final class AccountingMetrics implements AccountingListener, MeterBinder {
  /** What the names of all meters begin with. */
  public static final String PREFIX = "llm.accounting.";

  private final CallCounters calls;
  private final HealthMeters health;

  /** Meters by model and provider. */
  public AccountingMetrics() {
    this(MetricsSettings.defaults());
  }

  /** Meters as {@code settings} say. */
  public AccountingMetrics(MetricsSettings settings) {
    this(settings, List.of());
  }

  /**
   * Meters as {@code settings} say.
   *
   * @param tags every meter has these too; they tell several accountings in one registry apart
   */
  public AccountingMetrics(MetricsSettings settings, Iterable<Tag> tags) {
    Tags always = Tags.of(tags);
    this.calls = new CallCounters(settings, always);
    this.health = new HealthMeters(always);
  }

  /**
   * Shows how the accounting fares, as {@code accounting::health} says; until then, meters of
   * health have no value.
   *
   * @return this
   */
  public AccountingMetrics watch(Supplier<Health> health) {
    this.health.watch(Objects.requireNonNull(health, "health is required, was null"));
    return this;
  }

  /** Adds all meters to {@code registry}, those of series that come later too. */
  @Override
  public void bindTo(MeterRegistry registry) {
    calls.bindTo(registry);
    health.bindTo(registry);
  }

  @Override
  public void admitted(UUID id, CallRequest request, Decision.Admitted admission) {
    calls.warned(admission.warnings());
  }

  @Override
  public void denied(CallRequest request, Decision.Denied denied) {
    calls.denied(denied.exceeded());
  }

  @Override
  public void recorded(Usage usage, Receipt receipt) {
    // figures that came twice, or replace others, were counted when they came first
    boolean isNew =
        receipt.status() != Receipt.Status.DUPLICATE
            && receipt.status() != Receipt.Status.SUPERSEDED;
    if (isNew) {
      calls.recorded(usage);
    }
  }

  @Override
  public void alerted(Alert alert) {
    calls.alerted(alert.limit());
  }
}

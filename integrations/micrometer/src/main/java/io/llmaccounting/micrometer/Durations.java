package io.llmaccounting.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Timers of one name in every registry that is bound, told apart by tags. Safe for use by many
 * threads.
 */
final class Durations {
  private final String name;
  private final String about;
  private final List<String> tags;
  private final Tags always;
  private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();
  private volatile Map<List<String>, List<Timer>> timers = new ConcurrentHashMap<>();

  Durations(String name, String about, List<String> tags, Tags always) {
    this.name = name;
    this.about = about;
    this.tags = tags;
    this.always = always;
  }

  void record(List<String> values, Duration duration) {
    for (Timer timer : timers.computeIfAbsent(values, this::timers)) {
      timer.record(duration);
    }
  }

  private List<Timer> timers(List<String> values) {
    return registries.stream()
        .map(
            registry ->
                Timer.builder(AccountingMetrics.PREFIX + name)
                    .description(about)
                    .tags(Series.tags(tags, values, always))
                    .register(registry))
        .toList();
  }

  void bindTo(MeterRegistry registry) {
    registries.add(registry);
    // timers of the registries that were bound before are found again
    timers = new ConcurrentHashMap<>();
  }
}

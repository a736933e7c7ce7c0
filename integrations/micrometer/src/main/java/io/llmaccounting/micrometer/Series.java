package io.llmaccounting.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counters of one name, told apart by tags. Counts from the start on, also before a registry is
 * bound. Safe for use by many threads.
 */
final class Series {
  private final Name name;
  private final Tags always;
  private final Map<List<String>, LongAdder> counts = new ConcurrentHashMap<>();
  private final List<MeterRegistry> registries = new ArrayList<>();

  /**
   * What is counted.
   *
   * @param name its name
   * @param about what it says
   * @param unit the unit, empty where it has none
   * @param scale how many of what is added make one unit
   * @param tags the names of the tags
   */
  record Name(String name, String about, String unit, double scale, List<String> tags) {}

  /** Counts {@code name}; every series has the tags {@code always} too. */
  Series(Name name, Tags always) {
    this.name = name;
    this.always = always;
  }

  /** Adds to the series of these values, one for each tag. */
  void add(List<String> values, long more) {
    LongAdder adder = counts.get(values);
    (adder == null ? fresh(values) : adder).add(more);
  }

  private synchronized LongAdder fresh(List<String> values) {
    LongAdder known = counts.get(values);
    if (known != null) {
      return known;
    }
    LongAdder made = new LongAdder();
    counts.put(values, made);
    registries.forEach(registry -> register(registry, values, made));
    return made;
  }

  /** Registers every series, and those that come later. */
  synchronized void bindTo(MeterRegistry registry) {
    registries.add(registry);
    counts.forEach((values, count) -> register(registry, values, count));
  }

  private void register(MeterRegistry registry, List<String> values, LongAdder count) {
    FunctionCounter.Builder<LongAdder> builder =
        FunctionCounter.builder(name.name(), count, sum -> sum.sum() / name.scale())
            .description(name.about())
            .tags(tags(name.tags(), values, always));
    FunctionCounter unused =
        (name.unit().isEmpty() ? builder : builder.baseUnit(name.unit())).register(registry);
  }

  static Tags tags(List<String> names, List<String> values, Tags always) {
    Tags tags = always;
    for (int i = 0; i < names.size(); i++) {
      tags = tags.and(names.get(i), values.get(i));
    }
    return tags;
  }
}

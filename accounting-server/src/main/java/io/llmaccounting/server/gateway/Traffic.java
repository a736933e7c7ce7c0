package io.llmaccounting.server.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts what passes. Series are told apart by upstream and class of status only, so that nobody
 * can make more of them. Safe for use by many threads.
 */
final class Traffic {
  private static final String PREFIX = "llm.gateway.";
  private static final String NO_UPSTREAM = "none";

  private final MeterRegistry registry;
  private final AtomicInteger active = new AtomicInteger();
  private final Map<Answers, Counter> answered = new ConcurrentHashMap<>();
  private final Map<String, Timer> firstBytes = new ConcurrentHashMap<>();

  /** What is counted apart. */
  private record Answers(String upstream, int hundred) {}

  Traffic(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder(PREFIX + "requests.active", active, AtomicInteger::get)
        .description("Requests that are on their way")
        .register(registry);
  }

  /** A request has come. */
  void begun() {
    active.incrementAndGet();
  }

  /** A request is over, which led to {@code to}, or to nothing. */
  void ended(@Nullable Upstream to, int status) {
    active.decrementAndGet();
    String upstream = to == null ? NO_UPSTREAM : to.settings().name();
    answered.computeIfAbsent(new Answers(upstream, status / 100), this::counter).increment();
  }

  private Counter counter(Answers answers) {
    return Counter.builder(PREFIX + "requests")
        .description("Requests that were answered, by class of status")
        .tag("upstream", answers.upstream())
        .tag("status", answers.hundred() + "xx")
        .register(registry);
  }

  /** A request has passed of which nothing is recorded. */
  void unmetered(Upstream upstream) {
    Counter.builder(PREFIX + "unmetered")
        .description("Requests at paths where no model is read")
        .tag("upstream", upstream.settings().name())
        .register(registry)
        .increment();
  }

  /** An upstream has begun to answer, so long after the request was sent to it. */
  void firstByte(Upstream upstream, Duration time) {
    firstBytes.computeIfAbsent(upstream.settings().name(), this::timer).record(time);
  }

  private Timer timer(String upstream) {
    return Timer.builder(PREFIX + "first.byte")
        .description("From sending a request to an upstream to the first byte of its answer")
        .tag("upstream", upstream)
        .register(registry);
  }

  /** How many requests are on their way. */
  int active() {
    return active.get();
  }
}

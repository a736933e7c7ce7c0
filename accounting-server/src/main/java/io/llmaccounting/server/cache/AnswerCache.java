package io.llmaccounting.server.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.llmaccounting.providers.UsageReader;
import io.llmaccounting.server.config.CacheSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Keeps answers in memory, for a time and up to a size. What it keeps is this instance's own: it
 * ends with it, and others know nothing of it. Safe for use by many threads.
 */
public final class AnswerCache {
  private static final String METER = "llm.gateway.cache";

  /** What an entry takes beside its body. */
  private static final int OVERHEAD = 1_024;

  private static final long LONGEST = 1L << 20;

  private final Cache<CacheKey, KeptAnswer> answers;
  private final long longest;
  private final LongSupplier nanos;
  private final Counter hits;
  private final Counter misses;

  /**
   * An empty one.
   *
   * @param meters where it counts what it has, and what it has not
   * @param nanos a clock like {@link System#nanoTime}
   */
  public AnswerCache(CacheSettings settings, MeterRegistry meters, LongSupplier nanos) {
    this.nanos = nanos;
    this.longest = Math.min(LONGEST, settings.bytes() / 4);
    this.answers =
        Caffeine.newBuilder()
            .expireAfterWrite(settings.time())
            .maximumWeight(settings.bytes())
            .weigher((CacheKey key, KeptAnswer answer) -> answer.body().length() + OVERHEAD)
            .ticker(nanos::getAsLong)
            .build();
    this.hits = counter(meters, "hit");
    this.misses = counter(meters, "miss");
  }

  private static Counter counter(MeterRegistry meters, String result) {
    return Counter.builder(METER)
        .description("Requests for which an answer was looked for that is kept")
        .tag("result", result)
        .register(meters);
  }

  /** The answer that is kept for a request. */
  public Optional<KeptAnswer> find(CacheKey key) {
    KeptAnswer kept = answers.getIfPresent(key);
    (kept == null ? misses : hits).increment();
    return Optional.ofNullable(kept);
  }

  /** For how long an answer has been kept. */
  public Duration age(KeptAnswer answer) {
    return Duration.ofNanos(Math.max(0, nanos.getAsLong() - answer.at()));
  }

  /**
   * Begins to collect the answer to a request.
   *
   * @param events whether it is a stream of events
   * @param reader reads what it tells of itself
   */
  public CollectedAnswer collect(
      CacheKey key, String contentType, boolean events, UsageReader reader) {
    return new CollectedAnswer(
        longest,
        events,
        reader.stream(),
        (body, told) ->
            answers.put(key, new KeptAnswer(contentType, body, told, nanos.getAsLong())));
  }

  /** Throws out now what is over, which else is done now and then. */
  void cleanUp() {
    answers.cleanUp();
  }

  /** How many answers are kept, about. */
  long size() {
    return answers.estimatedSize();
  }
}

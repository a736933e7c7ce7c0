package io.llmaccounting.internal.calls;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.internal.ledger.Combiner;
import io.llmaccounting.internal.ledger.DenialOperation;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.Decision;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers a request that was just denied with the same denial, for a few milliseconds, so that a
 * caller that does not wait costs no transaction. It forgets everything when something is settled
 * or released or a limit changes in this process, and an answer no later than it would fit. What it
 * answers is counted like any other denial, some time later. Safe for use by many threads.
 */
public final class DenialCache {
  private static final int MOST_ANSWERS = 10_000;

  private final Duration life;
  private final LongSupplier nanoTime;
  private final AtomicLong generation = new AtomicLong();
  private final Cache<Question, Answer> answers =
      Caffeine.newBuilder().maximumSize(MOST_ANSWERS).build();
  private final Map<Decision.Denied, LongAdder> uncounted = new ConcurrentHashMap<>();

  private record Question(long revision, List<CounterKey> counters, Expectation expected) {}

  private record Answer(Decision.Denied denied, long generation, long until) {}

  DenialCache(Duration life, LongSupplier nanoTime) {
    this.life = life;
    this.nanoTime = nanoTime;
  }

  /** A cache whose answers last so long, or null where none are wanted. */
  public static @Nullable DenialCache lasting(@Nullable Duration life) {
    return life == null ? null : new DenialCache(life, System::nanoTime);
  }

  /** The denial that such a request got a moment ago and would get again, or null. */
  Decision.@Nullable Denied answer(LimitIndex limits, HoldRequest request) {
    Answer answer = answers.getIfPresent(question(limits, request));
    if (answer == null
        || answer.generation != generation.get()
        || nanoTime.getAsLong() - answer.until >= 0) {
      return null;
    }
    uncounted.computeIfAbsent(answer.denied, denied -> new LongAdder()).increment();
    return answer.denied;
  }

  /** The generation that a denial must be remembered with, read before it is asked for. */
  long generation() {
    return generation.get();
  }

  void remember(LimitIndex limits, HoldRequest request, Decision.Denied denied, long asked) {
    Duration fits = denied.retryAfter().orElse(life);
    long lives = Math.min(life.toNanos(), fits.toNanos());
    answers.put(question(limits, request), new Answer(denied, asked, nanoTime.getAsLong() + lives));
  }

  private static Question question(LimitIndex limits, HoldRequest request) {
    List<CounterKey> counters =
        limits
            .watching(
                request.call().model(), request.call().provider(), request.call().attribution())
            .stream()
            .map(Watch::counter)
            .toList();
    return new Question(limits.revision(), counters, request.expected());
  }

  /** Something may have made room. */
  void forget() {
    generation.incrementAndGet();
  }

  /** Counts what was answered from memory since the last time. */
  void count(Combiner combiner) {
    for (Decision.Denied denied : List.copyOf(uncounted.keySet())) {
      LongAdder times = uncounted.remove(denied);
      if (times != null && times.sum() > 0) {
        count(combiner, denied, times.sum());
      }
    }
  }

  private void count(Combiner combiner, Decision.Denied denied, long times) {
    try {
      combiner.book(new DenialOperation(denied, times));
    } catch (BackendException e) {
      // counted with the next ones
      uncounted.computeIfAbsent(denied, one -> new LongAdder()).add(times);
      throw e;
    }
  }
}

package io.llmaccounting.internal.calls;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.internal.ledger.Combiner;
import io.llmaccounting.internal.ledger.DenialOperation;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
  // Longer than a thread may stand still between looking at an answer and giving it.
  private static final long GRACE_NANOS = 2_000_000_000L;

  private final Duration life;
  private final LongSupplier nanoTime;
  private final AtomicLong generation = new AtomicLong();
  private final Cache<Question, Answer> answers =
      Caffeine.newBuilder().maximumSize(MOST_ANSWERS).build();
  private final Queue<Answer> given = new ConcurrentLinkedQueue<>();

  private record Question(long revision, List<CounterKey> counters, Expectation expected) {}

  // Counted beside the denial: hashing a denial costs more than answering with it.
  private record Answer(Decision.Denied denied, long generation, long until, LongAdder times) {}

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
    answer.times.increment();
    return answer.denied;
  }

  /** The generation that a denial must be remembered with, read before it is asked for. */
  long generation() {
    return generation.get();
  }

  void remember(LimitIndex limits, HoldRequest request, Decision.Denied denied, long asked) {
    Duration fits = denied.retryAfter().orElse(life);
    long lives = Math.min(life.toNanos(), fits.toNanos());
    long until = nanoTime.getAsLong() + lives;
    Answer answer = new Answer(denied, asked, until, new LongAdder());
    given.add(answer);
    answers.put(question(limits, request), answer);
  }

  private static Question question(LimitIndex limits, HoldRequest request) {
    List<Watch> watches =
        limits.watching(
            request.call().model(), request.call().provider(), request.call().attribution());
    List<CounterKey> counters = new ArrayList<>(watches.size());
    for (Watch watch : watches) {
      counters.add(watch.counter());
    }
    return new Question(limits.revision(), counters, request.expected());
  }

  /** Something may have made room. */
  void forget() {
    generation.incrementAndGet();
  }

  /** Counts what was answered from memory since the last time. */
  void count(Combiner combiner) {
    long now = nanoTime.getAsLong();
    for (Iterator<Answer> all = given.iterator(); all.hasNext(); ) {
      Answer answer = all.next();
      long times = answer.times.sumThenReset();
      if (times > 0) {
        book(combiner, answer, times);
      } else if (now - answer.until > GRACE_NANOS) {
        all.remove();
      }
    }
  }

  private static void book(Combiner combiner, Answer answer, long times) {
    boolean booked = false;
    try {
      combiner.book(new DenialOperation(answer.denied, times));
      booked = true;
    } finally {
      if (!booked) {
        answer.times.add(times);
      }
    }
  }
}

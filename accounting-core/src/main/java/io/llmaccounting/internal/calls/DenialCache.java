package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.internal.ledger.Refusals;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.DenialCount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers a request that was just denied with the same denial, for a few milliseconds, so that a
 * caller that does not wait costs no transaction. It forgets everything when a hold is settled or
 * released or a limit changes in this process, and it forgets a denial at the latest when the call
 * would fit. Denials given from memory are counted like any other, some time later; while too many
 * wait to be counted it remembers nothing more, and the ledger answers and counts. Safe for use by
 * many threads.
 */
public final class DenialCache {
  private static final int MOST_ANSWERS = 10_000;
  private static final int MOST_UNCOUNTED = 20_000;
  private static final int MOST_AT_ONCE = 1_000;
  // Longer than a thread may stand still between looking at an answer and giving it.
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Duration life;
  private final LongSupplier nanoTime;
  private final Refusals refusals;
  private final AtomicLong generation = new AtomicLong();
  // Found by the whole request, which costs least, else by what the request asks of which counters.
  // Answers live so short that a full map is emptied instead of keeping track of use.
  private final Map<CallRequest, Answer> byRequest = new ConcurrentHashMap<>();
  private final Map<Question, Answer> byQuestion = new ConcurrentHashMap<>();
  // answers that may have been given and are not counted yet
  private final Queue<Answer> given = new ConcurrentLinkedQueue<>();
  private final AtomicInteger givenSize = new AtomicInteger();
  // what is being written, and how many denials that is
  private final Map<Batch, CompletableFuture<?>> writing = new ConcurrentHashMap<>();
  private final AtomicLong underWay = new AtomicLong();

  private record Question(List<CounterKey> counters, Expectation expected) {}

  /** A request that is asked, since when, and what had been given back until then. */
  record Asked(
      LimitIndex limits, CallRequest request, Expectation expected, long generation, long nanos) {}

  /**
   * A denial that may be given again, with the count of how often it was: hashing a denial to count
   * it costs more.
   */
  static final class Answer {
    private final Decision.Denied denied;
    private final long revision;
    private final long generation;
    private final long until;
    private final LongAdder times = new LongAdder();
    // what is being written may come back
    private final AtomicInteger underWay = new AtomicInteger();

    private Answer(Decision.Denied denied, long revision, long generation, long until) {
      this.denied = denied;
      this.revision = revision;
      this.generation = generation;
      this.until = until;
    }

    /** The denial, for a caller that is refused with it. */
    Decision.Denied give() {
      times.increment();
      return denied;
    }

    /** The denial, for a caller that only asks. */
    Decision.Denied show() {
      return denied;
    }
  }

  DenialCache(Duration life, Refusals refusals, LongSupplier nanoTime) {
    this.refusals = refusals;
    this.life = life;
    this.nanoTime = nanoTime;
  }

  /** The denial that an equal request got a moment ago and would get again, or null. */
  @Nullable Answer find(LimitIndex limits, CallRequest request) {
    return living(byRequest.get(request), limits);
  }

  /** The denial that a request for as much of the same counters got, or null. */
  @Nullable Answer find(LimitIndex limits, CallRequest request, Expectation expected) {
    Answer answer = living(byQuestion.get(question(limits, request, expected)), limits);
    if (answer != null) {
      put(byRequest, request, answer);
    }
    return answer;
  }

  private @Nullable Answer living(@Nullable Answer answer, LimitIndex limits) {
    return answer != null
            && answer.revision == limits.revision()
            && answer.generation == generation.get()
            && nanoTime.getAsLong() - answer.until < 0
        ? answer
        : null;
  }

  /** What a denial is remembered with, made before it is asked for. */
  Asked asking(LimitIndex limits, CallRequest request, Expectation expected) {
    return new Asked(limits, request, expected, generation.get(), nanoTime.getAsLong());
  }

  /** Remembers what {@code asked} was answered. */
  void remember(Asked asked, Decision.Denied denied) {
    long lives = nanoTime.getAsLong() + life.toNanos();
    // the denial was decided after it was asked for, so that the call does not fit any earlier than
    // this
    Duration wait =
        denied
            .fitsAt()
            .map(fits -> Duration.between(denied.at(), fits))
            .filter(one -> one.compareTo(GRACE) < 0)
            .orElse(GRACE);
    long fits = asked.nanos + wait.toNanos();
    long until = fits - lives < 0 ? fits : lives;
    Answer answer = new Answer(denied, asked.limits.revision(), asked.generation, until);
    if (givenSize.incrementAndGet() > MOST_UNCOUNTED) {
      givenSize.decrementAndGet();
      return;
    }
    given.add(answer);
    put(byRequest, asked.request, answer);
    put(byQuestion, question(asked.limits, asked.request, asked.expected), answer);
  }

  private static <K> void put(Map<K, Answer> answers, K key, Answer answer) {
    if (answers.size() >= MOST_ANSWERS) {
      answers.clear();
    }
    answers.put(key, answer);
  }

  private static Question question(LimitIndex limits, CallRequest request, Expectation expected) {
    List<Watch> watches =
        limits.watching(request.model(), request.provider(), request.attribution());
    List<CounterKey> counters = new ArrayList<>(watches.size());
    for (Watch watch : watches) {
      counters.add(watch.counter());
    }
    return new Question(counters, expected);
  }

  /** Forgets every denial, because something may have made room. */
  void forget() {
    generation.incrementAndGet();
  }

  /**
   * Counts what was given from memory since the last time; over once that is written, and what was
   * being written before.
   *
   * @param book writes counts, at once or not at all
   */
  CompletableFuture<Void> count(Function<List<DenialCount>, CompletableFuture<?>> book) {
    long now = nanoTime.getAsLong();
    List<CompletableFuture<?>> written = new ArrayList<>(writing.values());
    Batch batch = new Batch();
    for (Iterator<Answer> all = given.iterator(); all.hasNext(); ) {
      Answer answer = all.next();
      boolean isIdle = answer.underWay.get() == 0;
      long times = answer.times.sumThenReset();
      if (times > 0) {
        batch.add(answer, refusals.of(answer.denied, times), times);
        if (batch.counts.size() >= MOST_AT_ONCE) {
          written.add(write(batch, book));
          batch = new Batch();
        }
      } else if (isIdle && now - answer.until > GRACE.toNanos()) {
        all.remove();
        givenSize.decrementAndGet();
      }
    }
    if (!batch.counts.isEmpty()) {
      written.add(write(batch, book));
    }
    return CompletableFuture.allOf(written.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<?> write(
      Batch batch, Function<List<DenialCount>, CompletableFuture<?>> book) {
    long denials = batch.denials();
    underWay.addAndGet(denials);
    CompletableFuture<?> written =
        Stages.of(() -> (CompletableFuture<?>) book.apply(List.copyOf(batch.counts.values())))
            .whenComplete(
                (unused, error) -> {
                  if (error != null) {
                    batch.giveBack();
                  }
                  batch.taken.forEach(one -> one.answer().underWay.decrementAndGet());
                  underWay.addAndGet(-denials);
                });
    writing.put(batch, written);
    CompletableFuture<?> unusedStage =
        written.whenComplete((unused, error) -> writing.remove(batch));
    return written;
  }

  /** How many were given from memory and may not have been written. */
  long uncounted() {
    return underWay.get() + given.stream().mapToLong(answer -> answer.times.sum()).sum();
  }

  /** Counts that are written together; those of one limit, subject and minute are one. */
  private static final class Batch {
    private final Map<List<Object>, DenialCount> counts = new LinkedHashMap<>();
    private final List<Taken> taken = new ArrayList<>();

    private record Taken(Answer answer, long times) {}

    void add(Answer answer, List<DenialCount> more, long times) {
      answer.underWay.incrementAndGet();
      taken.add(new Taken(answer, times));
      for (DenialCount one : more) {
        counts.merge(List.of(one.limit(), one.subject(), one.minute()), one, DenialCount::plus);
      }
    }

    long denials() {
      return taken.stream().mapToLong(Taken::times).sum();
    }

    void giveBack() {
      taken.forEach(one -> one.answer().times.add(one.times()));
    }
  }
}

package io.llmaccounting.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.internal.ledger.Refusals;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DenialCacheTest {
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final Limit LIMIT = Limit.named("l").requests(1).rolling(Duration.ofHours(1));
  private static final LimitIndex INDEX = index(1);

  private final AtomicLong nanoTime = new AtomicLong();
  private final DenialCache cache =
      new DenialCache(Duration.ofMillis(5), new Refusals(10_000), nanoTime::get);

  private static LimitIndex index(long revision) {
    return new LimitIndex(new AllLimits(revision, List.of(new StoredLimit(1, LIMIT))));
  }

  private static CallRequest request(long input) {
    return CallRequest.to("m").inputTokens(input);
  }

  private static Expectation expected(CallRequest request) {
    return new Expectation(request.inputTokens(), 5, null);
  }

  private DenialCache.Asked asking(CallRequest request) {
    return cache.asking(INDEX, request, expected(request));
  }

  private static Decision.Denied denied(Duration wait) {
    LimitStatus status = new LimitStatus(LIMIT, "", NOON, 1, 0, null, Duration.ZERO);
    Exceeded exceeded = new Exceeded(status, 1, Exceeded.Reason.SPENT, NOON.plus(wait));
    return new Decision.Denied(List.of(exceeded), NOON);
  }

  // both ways lead to the same answer
  private Decision.Denied found(LimitIndex limits, CallRequest request) {
    DenialCache.Answer byRequest = cache.find(limits, request);
    DenialCache.Answer byQuestion = cache.find(limits, request, expected(request));
    assertThat(byRequest).isSameAs(byQuestion);
    return byQuestion == null ? null : byQuestion.show();
  }

  @Test
  void answersTheSameRequestForAFewMilliseconds() {
    Decision.Denied denied = denied(Duration.ofSeconds(1));
    cache.remember(asking(request(5)), denied);

    nanoTime.set(4_999_999);
    assertThat(found(INDEX, request(5))).isEqualTo(denied);
    nanoTime.set(5_000_000);
    assertThat(found(INDEX, request(5))).isNull();
  }

  /** Scenario 31: a large request that was denied says nothing about a small one. */
  @Test
  void answersNoOtherRequest() {
    cache.remember(asking(request(5_000)), denied(Duration.ofSeconds(1)));

    assertThat(found(INDEX, request(1))).isNull();
    assertThat(found(index(2), request(5_000))).isNull();
  }

  @Test
  void neverAnswersLaterThanTheRequestWouldFit() {
    cache.remember(asking(request(5)), denied(Duration.ofNanos(2_000)));

    nanoTime.set(1_999);
    assertThat(found(INDEX, request(5))).isNotNull();
    nanoTime.set(2_000);
    assertThat(found(INDEX, request(5))).isNull();
  }

  @Test
  void countsTheTimeThatTheAnswerTookAgainstIt() {
    DenialCache.Asked asked = asking(request(5));
    nanoTime.set(1_500);
    cache.remember(asked, denied(Duration.ofNanos(2_000)));

    nanoTime.set(2_000);
    assertThat(found(INDEX, request(5))).isNull();
  }

  @Test
  void answersAnotherRequestForTheSame() {
    Decision.Denied denied = denied(Duration.ofSeconds(1));
    cache.remember(asking(request(5)), denied);
    CallRequest other = request(5).key("k").session("s");

    assertThat(cache.find(INDEX, other)).isNull();
    assertThat(cache.find(INDEX, other, expected(other))).isNotNull();
    assertThat(found(INDEX, other)).isEqualTo(denied);
  }

  @Test
  void waitsOfManyYearsAreNoTrouble() {
    cache.remember(asking(request(5)), denied(Duration.ofDays(200_000)));

    nanoTime.set(4_999_999);
    assertThat(found(INDEX, request(5))).isNotNull();
    nanoTime.set(5_000_000);
    assertThat(found(INDEX, request(5))).isNull();
  }

  @Test
  void keepsNoMoreThanItHasRoomFor() {
    for (int i = 0; i < 15_000; i++) {
      cache.remember(asking(request(i)), denied(Duration.ofSeconds(1)));
    }

    assertThat(found(INDEX, request(14_999))).isNotNull();
    assertThat(found(INDEX, request(1))).isNull();
  }

  @Test
  void forgetsWhenRoomMayBeFreeAlsoWhileTheDenialWasUnderWay() {
    DenialCache.Asked asked = asking(request(5));
    cache.forget();
    cache.remember(asked, denied(Duration.ofSeconds(1)));

    assertThat(found(INDEX, request(5))).isNull();
  }

  @Test
  void aCheckIsAnsweredFromItAndCountsForNothing() {
    ManualClock clock = ManualClock.create();
    InMemoryBackend backend = InMemoryBackend.create(clock);
    try (LlmAccounting accounting =
        LlmAccounting.builder(backend).clock(clock).rememberDenials(Duration.ofMillis(5)).build()) {
      accounting.limits().save(Limit.named("none").requests(0).lifetime());
      for (int i = 0; i < 50; i++) {
        assertThat(accounting.quotas().check(CallRequest.to("m")).isAdmitted()).isFalse();
      }
      accounting.limits().delete("none");
      assertThat(accounting.quotas().check(CallRequest.to("m")).isAdmitted()).isTrue();
      assertThat(accounting.health().counts().denied()).isZero();
    }

    try (LlmAccounting later =
        LlmAccounting.create(InMemoryBackend.open(backend.storage(), clock))) {
      assertThat(later.admin().denials(TimeRange.always())).isEmpty();
    }
  }

  /** Scenario 38: every denial is counted, whoever answered it. */
  @Test
  void countsWhatItAnswers() {
    ManualClock clock = ManualClock.create();
    InMemoryBackend backend = InMemoryBackend.create(clock);
    try (LlmAccounting accounting =
        LlmAccounting.builder(backend).clock(clock).rememberDenials(Duration.ofMillis(5)).build()) {
      accounting.limits().save(Limit.named("none").requests(0).lifetime());
      for (int i = 0; i < 50; i++) {
        assertThat(accounting.quotas().reserve(CallRequest.to("m")).decision().isAdmitted())
            .isFalse();
      }
    }

    try (LlmAccounting later =
        LlmAccounting.create(InMemoryBackend.open(backend.storage(), clock))) {
      assertThat(later.admin().denials(TimeRange.always()))
          .singleElement()
          .satisfies(counted -> assertThat(counted.count()).isEqualTo(50));
    }
  }

  /** Counts by {@code book}, which may refuse. */
  private void count(Consumer<List<DenialCount>> book) {
    Stages.join(
        cache.count(
            counts -> {
              try {
                book.accept(counts);
                return CompletableFuture.completedFuture(true);
              } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
              }
            }));
  }

  private DenialCache.Answer remembered(long input) {
    cache.remember(asking(request(input)), denied(Duration.ofSeconds(1)));
    return cache.find(INDEX, request(input));
  }

  @Test
  @DisplayName("faults B7: what was answered from memory is counted together")
  void countsManyAnswersAtOnce() {
    List<List<DenialCount>> booked = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      DenialCache.Answer answer = remembered(i);
      answer.give();
      answer.give();
    }

    count(booked::add);
    count(booked::add);

    assertThat(booked)
        .singleElement()
        .satisfies(
            counts -> assertThat(counts).extracting(DenialCount::count).containsExactly(600L));
  }

  @Test
  @DisplayName("faults B7: denials that could not be counted are counted the next time")
  void countsLaterWhatCouldNotBeCounted() {
    List<DenialCount> booked = new ArrayList<>();
    remembered(1).give();
    remembered(2).give();

    assertThatThrownBy(
            () ->
                count(
                    counts -> {
                      throw new IllegalStateException("as the test asked");
                    }))
        .hasMessage("as the test asked");
    count(booked::addAll);

    assertThat(booked).extracting(DenialCount::count).containsExactly(2L);
  }

  @Test
  @DisplayName("faults B7: what waits to be counted is bounded, and nothing goes uncounted")
  void remembersNothingWhereTooMuchWaitsToBeCounted() {
    long remembered = 0;
    for (int i = 0; i < 100_000; i++) {
      DenialCache.Answer answer = remembered(i);
      if (answer != null) {
        remembered++;
        answer.give();
      }
    }
    assertThat(remembered).isEqualTo(20_000);
    List<DenialCount> booked = new ArrayList<>();
    count(booked::addAll);
    assertThat(booked).extracting(DenialCount::count).containsExactly(20_000L);

    nanoTime.set(Duration.ofSeconds(3).toNanos());
    count(booked::addAll);

    assertThat(remembered(5)).isNotNull();
  }

  @Test
  @DisplayName("faults B7: denials are counted the next time where counting throws")
  void countsLaterWhereCountingThrows() {
    List<DenialCount> booked = new ArrayList<>();
    remembered(1).give();

    assertThatThrownBy(
            () ->
                Stages.join(
                    cache.count(
                        counts -> {
                          throw new IllegalStateException("as the test asked");
                        })))
        .hasMessage("as the test asked");
    count(booked::addAll);

    assertThat(booked).extracting(DenialCount::count).containsExactly(1L);
    assertThat(cache.uncounted()).isZero();
  }
}

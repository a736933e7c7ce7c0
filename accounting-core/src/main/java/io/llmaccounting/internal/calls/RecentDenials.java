package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.ledger.Refusals;
import io.llmaccounting.internal.ledger.RememberOperation;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Reservation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers from memory by the limits that were last known, unless the store is away. Safe for use by
 * many threads.
 */
public final class RecentDenials implements DenialMemory {
  private final DenialCache cache;
  private final CurrentLimits limits;
  private final Breaker breaker;

  /**
   * Remembers denials.
   *
   * @param life how long a denial is given again
   */
  public RecentDenials(Duration life, Refusals refusals, CurrentLimits limits, Breaker breaker) {
    this.cache = new DenialCache(life, refusals, System::nanoTime);
    this.limits = limits;
    this.breaker = breaker;
  }

  // an answer lives for a shorter time than limits may be out of date: it is compared with the
  // limits last known
  private @Nullable LimitIndex known() {
    return breaker.isOpen() ? null : limits.known();
  }

  private DenialCache.@Nullable Answer find(CallRequest request) {
    LimitIndex index = known();
    return index == null ? null : cache.find(index, request);
  }

  @Override
  public Decision.@Nullable Denied shown(CallRequest request) {
    DenialCache.Answer answer = find(request);
    return answer == null ? null : answer.show();
  }

  @Override
  public Decision.@Nullable Denied given(CallRequest request) {
    DenialCache.Answer answer = find(request);
    return answer == null ? null : answer.give();
  }

  @Override
  public CompletableFuture<Reservation> decide(
      HoldRequest request, Supplier<CompletableFuture<Reservation>> ledger) {
    LimitIndex index = known();
    if (index == null) {
      return ledger.get();
    }
    DenialCache.Answer known = cache.find(index, request.call(), request.expected());
    if (known != null) {
      return CompletableFuture.completedFuture(new Reservation(known.give(), null));
    }
    DenialCache.Asked asked = cache.asking(index, request.call(), request.expected());
    return ledger
        .get()
        .thenApply(
            answer -> {
              remember(asked, answer.decision());
              return answer;
            });
  }

  @Override
  public Decision look(
      LimitIndex index, CallRequest request, Expectation expected, Supplier<Decision> ledger) {
    DenialCache.Asked asked = cache.asking(index, request, expected);
    Decision decision = ledger.get();
    remember(asked, decision);
    return decision;
  }

  private void remember(DenialCache.Asked asked, Decision decision) {
    if (decision instanceof Decision.Denied denied) {
      cache.remember(asked, denied);
    }
  }

  @Override
  public void forget() {
    cache.forget();
  }

  @Override
  public CompletableFuture<Void> count(Way way) {
    return cache.count(counts -> new RememberOperation(List.of(), counts).bookOnce(way));
  }

  @Override
  public long uncounted() {
    return cache.uncounted();
  }
}

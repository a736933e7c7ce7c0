package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.health.OutageCheck;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Verdicts;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Explanation;
import io.llmaccounting.limit.LimitStatus;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Looks at limits without holding anything. Safe for use by many threads. */
final class QuotaViews {
  private final QuotaParts parts;

  /** Looks with these parts. */
  QuotaViews(QuotaParts parts) {
    this.parts = parts;
  }

  /** Whether a call would be let in now. */
  CompletableFuture<Decision> check(Way way, CallRequest request) {
    return parts
        .requests()
        .completed(way, request)
        .thenCompose(
            call -> {
              Decision.Denied known = parts.denials().shown(call);
              return known != null
                  ? CompletableFuture.completedFuture(known)
                  : look(way, call).exceptionally(failure -> lookInOutage(call, failure));
            });
  }

  private Decision lookInOutage(CallRequest call, Throwable failure) {
    BackendException away = OutageCheck.require(Stages.thrown(failure));
    return parts.outage().check(parts.requests().hold(call), away);
  }

  private CompletableFuture<Decision> look(Way way, CallRequest call) {
    return way.handOver(way.reading(parts.counters()::limits))
        .thenCompose(index -> look(way, index, call));
  }

  // prices are the application's: they are asked where its code may run, between what is read
  private CompletableFuture<Decision> look(Way way, LimitIndex index, CallRequest call) {
    List<Watch> watches = CounterReader.watching(index, call);
    if (watches.isEmpty()) {
      return CompletableFuture.completedFuture(new Decision.Admitted(List.of(), List.of()));
    }
    Expectation expected = parts.requests().expected(call);
    return way.handOver(
        way.reading(
            () ->
                parts
                    .denials()
                    .look(
                        index, call, expected, () -> parts.counters().decide(watches, expected))));
  }

  /** Where the limits stand that watch the call. */
  List<LimitStatus> status(CallRequest request) {
    CallRequest call = parts.requests().completed(request);
    return parts.counters().statuses(CounterReader.watching(parts.counters().limits(), call));
  }

  /** Why the call would be let in or not. */
  Explanation explain(CallRequest request) {
    CallRequest call = parts.requests().completed(request);
    LimitIndex index = parts.counters().limits();
    List<Watch> watches = CounterReader.watching(index, call);
    return new Explanation(
        Stages.join(look(parts.commits().waiting(), index, call)),
        Verdicts.of(index, call, watches, parts.counters().counters(watches)));
  }
}

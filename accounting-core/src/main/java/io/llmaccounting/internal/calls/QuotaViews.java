package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.health.OutageCheck;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Verdicts;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Explanation;
import io.llmaccounting.limit.LimitStatus;
import java.util.List;

/** Looks at limits without holding anything. Safe for use by many threads. */
final class QuotaViews {
  private final QuotaParts parts;

  /** Looks with these parts. */
  QuotaViews(QuotaParts parts) {
    this.parts = parts;
  }

  /** Whether a call whose attribution is complete would be let in now. */
  Decision check(CallRequest attributed) {
    CallRequest call = parts.requests().named(attributed);
    Decision.Denied known = parts.denials().shown(call);
    if (known != null) {
      return known;
    }
    try {
      return look(parts.counters().limits(), call);
    } catch (BackendException e) {
      BackendException away = OutageCheck.require(e);
      return parts.outage().check(parts.requests().hold(call), away);
    }
  }

  private Decision look(LimitIndex index, CallRequest call) {
    List<Watch> watches = CounterReader.watching(index, call);
    if (watches.isEmpty()) {
      return new Decision.Admitted(List.of(), List.of());
    }
    Expectation expected = parts.requests().expected(call);
    return parts
        .denials()
        .look(index, call, expected, () -> parts.counters().decide(watches, expected));
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
        look(index, call), Verdicts.of(index, call, watches, parts.counters().counters(watches)));
  }
}

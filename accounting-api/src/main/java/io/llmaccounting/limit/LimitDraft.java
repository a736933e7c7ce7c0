package io.llmaccounting.limit;

import java.time.Duration;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** A copy of a limit of which one part is about to be changed. For one thread. */
final class LimitDraft {
  private final Limit before;
  long maximum;
  LimitAction action;
  SortedSet<Integer> alertPercents;
  OutagePolicy outage;
  UnpricedPolicy unpriced;
  @Nullable Duration grain;
  @Nullable Duration leaseTerm;

  LimitDraft(Limit before) {
    this.before = before;
    maximum = before.maximum();
    action = before.action();
    alertPercents = before.alertPercents();
    outage = before.outage();
    unpriced = before.unpriced();
    grain = before.chosenGrain();
    leaseTerm = before.leaseTerm();
  }

  Limit limit() {
    return new Limit(
        before.name(),
        before.who(),
        before.metric(),
        maximum,
        before.window(),
        action,
        alertPercents,
        outage,
        unpriced,
        grain,
        before.weights(),
        leaseTerm);
  }
}

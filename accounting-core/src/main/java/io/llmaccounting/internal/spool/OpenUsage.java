package io.llmaccounting.internal.spool;

import io.llmaccounting.backend.OpenLimit;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.internal.quota.Charges;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.LimitAction;
import io.llmaccounting.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What records consume under limits that fail open, beside what their calls took. Safe for use by
 * many threads.
 */
public final class OpenUsage {
  private final OpenSpending spending;
  private final CurrentLimits limits;

  /** Counts by {@code limits} as they were last known. */
  public OpenUsage(OpenSpending spending, CurrentLimits limits) {
    this.spending = spending;
    this.limits = limits;
  }

  /** What calls have taken. */
  OpenSpending spending() {
    return spending;
  }

  /**
   * The amounts that a record adds when it is spooled. A call with a hold from before the outage is
   * counted by that hold.
   *
   * @param inOutage whether the record counts as let through by limits that fail open
   */
  Map<OpenLimit, Long> addedBy(PendingRecord pending, boolean inOutage) {
    Usage usage = pending.usage();
    LimitIndex known = limits.known();
    boolean isRunning = spending.isRunning(usage.id());
    if (known == null || !(isRunning || (inOutage && !pending.settlesHold()))) {
      return Map.of();
    }
    List<OpenSpending.Part> consumed = new ArrayList<>();
    for (Watch watch : known.watching(usage.model(), usage.provider(), usage.attribution())) {
      if (watch.limit().outage().isOpen() && watch.limit().action() == LimitAction.DENY) {
        consumed.add(
            new OpenSpending.Part(watch.limit(), Charges.of(watch.limit(), usage, usage.cost())));
      }
    }
    return spending.addedBy(usage.id(), consumed);
  }

  /** Notes that records were booked directly: what their calls took is no longer open. */
  void booked(List<PendingRecord> records) {
    if (spending.isAnythingRunning()) {
      records.forEach(pending -> spending.ended(pending.usage().id()));
    }
  }
}

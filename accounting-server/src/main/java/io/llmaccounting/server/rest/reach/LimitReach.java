package io.llmaccounting.server.rest.reach;

import io.llmaccounting.LimitSetPlan;
import io.llmaccounting.Limits;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.LimitSetDiff;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.OwnedLimit;
import io.llmaccounting.usage.TimeRange;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a key reaches of limits and what they refused. Safe for use by many threads. */
public final class LimitReach {
  private final LlmAccounting accounting;
  private final Limits limits;
  private final QuotaReach quotas;

  LimitReach(LlmAccounting accounting, Limits limits, QuotaReach quotas) {
    this.accounting = accounting;
    this.limits = limits;
    this.quotas = quotas;
  }

  /** Limits by name. */
  public List<OwnedLimit> list() {
    return limits.owned().stream().filter(owned -> quotas.sees(owned.limit())).toList();
  }

  /** How counters stand. */
  public List<LimitStatus> status() {
    return limits.status().stream().filter(quotas::sees).toList();
  }

  /** What limits refused, newest first. */
  public List<DenialCount> denials(TimeRange period) {
    Set<String> visible =
        list().stream().map(owned -> owned.limit().name()).collect(Collectors.toSet());
    return accounting.admin().denials(period).stream()
        .filter(denial -> !quotas.isConfined() || visible.contains(denial.limit()))
        .toList();
  }

  /** The limits that the set of this name owns. */
  public LimitSet set(String name) {
    quotas.requireWhole();
    return limits.ownedBy(name);
  }

  /** Applies a set, or says what that would do. */
  public LimitSetDiff apply(LimitSet set, boolean dryRun, boolean takesOver) {
    quotas.requireWhole();
    LimitSetPlan plan = limits.plan(set);
    LimitSetPlan chosen = takesOver ? plan.takingOver() : plan;
    return dryRun ? chosen.diff() : chosen.apply();
  }
}

package io.llmaccounting.server.rest.reach;

import io.llmaccounting.LimitSetPlan;
import io.llmaccounting.Limits;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitChange;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.LimitSetDiff;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.OwnedLimit;
import io.llmaccounting.usage.TimeRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
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

  /** The limit of this name; empty where there is none that the caller may see. */
  public Optional<OwnedLimit> find(String name) {
    return list().stream().filter(owned -> owned.limit().name().equals(name)).findFirst();
  }

  /** Makes, changes or removes a limit, by what it is when that is written. */
  public Optional<LimitChange> change(
      String name, Function<Optional<OwnedLimit>, Optional<Limit>> change) {
    quotas.requireWhole();
    return limits.change(name, change);
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

  /**
   * Alerts that have fired, newest first.
   *
   * @param reader is told each, and whether it was delivered
   */
  public void alerts(BiConsumer<Alert, Boolean> reader) {
    Set<String> visible =
        list().stream().map(owned -> owned.limit().name()).collect(Collectors.toSet());
    List<Map.Entry<Alert, Boolean>> all = new ArrayList<>();
    accounting.admin().transfer().alerts((alert, told) -> all.add(Map.entry(alert, told)));
    Collections.reverse(all);
    for (Map.Entry<Alert, Boolean> one : all) {
      if (!quotas.isConfined() || visible.contains(one.getKey().limit())) {
        reader.accept(one.getKey(), one.getValue());
      }
    }
  }

  /**
   * Applies a set, or says what that would do.
   *
   * @param check is told the set as it is when that is written, and throws where it is not what was
   *     meant
   */
  public LimitSetDiff apply(
      LimitSet set, boolean dryRun, boolean takesOver, Consumer<LimitSet> check) {
    quotas.requireWhole();
    LimitSetPlan plan = limits.plan(set).onlyIf(check);
    LimitSetPlan chosen = takesOver ? plan.takingOver() : plan;
    return dryRun ? chosen.diff() : chosen.apply();
  }
}

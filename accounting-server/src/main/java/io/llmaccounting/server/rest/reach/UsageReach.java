package io.llmaccounting.server.rest.reach;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.ReportRequest;
import io.llmaccounting.json.JsonFields;
import io.llmaccounting.json.UsageLine;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageHistory;
import io.llmaccounting.usage.UsageId;
import io.llmaccounting.usage.UsageQuery;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a key reaches of usage. Safe for use by many threads. */
public final class UsageReach {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final LlmAccounting accounting;
  private final Confinement confinement;

  UsageReach(LlmAccounting accounting, Confinement confinement) {
    this.accounting = accounting;
    this.confinement = confinement;
  }

  /**
   * Reads a call that is to be recorded.
   *
   * @param now when it was made, where it does not say
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  public Usage read(JsonFields event, Instant now) {
    return UsageLine.tracked(confined(event), now, at -> UsageId.create(at, RANDOM)).usage();
  }

  /**
   * Reads what a call consumed for which room was held.
   *
   * @param id of what was held
   * @param key the idempotency key of the record, or null
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  public Usage read(JsonFields settlement, UUID id, @Nullable String key) {
    Map<String, Object> values = new LinkedHashMap<>(settlement.values());
    values.put("id", id.toString());
    if (key != null) {
      values.put("key", key);
    }
    String project = confinement.require(settlement.optionalText("project"), "/project");
    if (project != null) {
      values.put("project", project);
    }
    return UsageLine.tracked(JsonFields.of(values), UsageId.timeOf(id), at -> id).usage();
  }

  /** An id that is taken for a record's would tell whether another project has it. */
  private JsonFields confined(JsonFields event) {
    if (confinement.project() == null) {
      return event;
    }
    Map<String, Object> values = new LinkedHashMap<>(event.values());
    values.put("project", confinement.require(event.optionalText("project"), "project"));
    Object id = values.remove("id");
    if (id != null) {
      values.putIfAbsent("key", id);
    }
    return JsonFields.of(values);
  }

  /** Records a call. */
  public CompletionStage<Receipt> track(Usage usage) {
    return accounting.trackAsync(usage);
  }

  /** The call of this id; empty where there is none that the caller may see. */
  public Optional<UsageHistory> find(UUID id) {
    return accounting
        .find(id)
        .filter(found -> confinement.isOwn(found.record().usage().attribution().project()));
  }

  /** A page of calls, newest first. */
  public List<UsageHistory> find(UsageQuery query) {
    return accounting.find(query.only(confined(query.filter())));
  }

  /** Starts a report. */
  public ReportRequest report(TimeRange period, UsageFilter filter) {
    return accounting.report(period).only(confined(filter));
  }

  private UsageFilter confined(UsageFilter filter) {
    String project = confinement.project();
    if (project == null) {
      return filter;
    }
    Match match = filter.matches().get(Dimension.PROJECT);
    confinement.require(match == null ? null : match.value(), "project");
    return filter.project(project);
  }
}

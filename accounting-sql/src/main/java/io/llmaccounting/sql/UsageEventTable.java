package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;
import java.util.UUID;

/**
 * Usage records. Times in microseconds since 1970, durations in microseconds, money in
 * nano-dollars; token parts null where the tokens are unknown.
 */
public final class UsageEventTable extends StoreTable {
  public static final UsageEventTable USAGE_EVENT = new UsageEventTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, UUID> id = id("id");
  public final TableField<Record, String> idempotencyKey = text("idempotency_key");
  public final TableField<Record, Long> occurredAt = number("occurred_at");
  public final TableField<Record, String> model = text("model");
  public final TableField<Record, String> responseModel = text("response_model");
  public final TableField<Record, String> provider = text("provider");
  public final TableField<Record, String> operation = text("operation");
  public final TableField<Record, Long> uncachedInput = number("uncached_input");
  public final TableField<Record, Long> cacheRead = number("cache_read");
  public final TableField<Record, Long> cacheWrite5m = number("cache_write_5m");
  public final TableField<Record, Long> cacheWrite1h = number("cache_write_1h");
  public final TableField<Record, Long> audioInput = number("audio_input");
  public final TableField<Record, Long> textOutput = number("text_output");
  public final TableField<Record, Long> reasoning = number("reasoning");
  public final TableField<Record, Long> audioOutput = number("audio_output");
  public final TableField<Record, Long> reportedTotal = number("reported_total");
  public final TableField<Record, String> source = text("source");
  public final TableField<Record, Long> localInput = number("local_input");
  public final TableField<Record, Long> localOutput = number("local_output");
  public final TableField<Record, String> extras = text("extras");
  public final TableField<Record, Long> givenCost = number("given_cost");
  public final TableField<Record, Long> computedCost = number("computed_cost");
  public final TableField<Record, String> pricedBy = text("priced_by");
  public final TableField<Record, String> outcome = text("outcome");
  public final TableField<Record, Long> latency = number("latency");
  public final TableField<Record, Long> timeToFirstToken = number("time_to_first_token");
  public final TableField<Record, Boolean> streamed = flag("streamed");
  public final TableField<Record, String> finishReason = text("finish_reason");
  public final TableField<Record, String> responseId = text("response_id");
  public final TableField<Record, Long> attempts = number("attempts");
  public final TableField<Record, String> errorType = text("error_type");
  public final TableField<Record, String> errorMessage = text("error_message");
  public final TableField<Record, String> serviceTier = text("service_tier");
  public final TableField<Record, Boolean> batch = flag("batch");
  public final TableField<Record, String> region = text("region");
  public final TableField<Record, String> rawUsage = text("raw_usage");
  public final TableField<Record, String> project = text("project");
  public final TableField<Record, String> user = text("user_name");
  public final TableField<Record, String> caller = text("caller");
  public final TableField<Record, String> session = text("session");
  public final TableField<Record, String> tags = text("tags");
  public final TableField<Record, Long> chargedAt = number("charged_at");
  public final TableField<Record, Long> settledAt = number("settled_at");
  public final TableField<Record, Boolean> late = flag("late");
  public final TableField<Record, String> parts = text("parts");
  public final TableField<Record, Long> reportedCost = number("reported_cost");
  public final TableField<Record, Boolean> prefersComputed = flag("prefers_computed");
  public final TableField<Record, Boolean> lowerBound = flag("lower_bound");
  public final TableField<Record, String> speed = text("speed");
  public final TableField<Record, String> asked = text("asked");

  private UsageEventTable() {
    super("usage_event");
  }
}

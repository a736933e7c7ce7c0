package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.CallDetails;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFields;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * Collects the record of a call that was held, and which of its durations the caller stated: what
 * we measure only fills what was left open. Confined to one thread at a time.
 */
public final class CallRecord extends UsageFields<CallRecord> {
  private final UUID id;
  private final Instant startedAt;
  private boolean latencyIsGiven;
  private boolean firstTokenIsGiven;

  private CallRecord(UUID id, Instant startedAt) {
    this.id = id;
    this.startedAt = startedAt;
    id(id).at(startedAt);
  }

  /** A call of which so far is known what was asked for. */
  public static CallRecord of(UUID id, Instant startedAt, CallRequest request) {
    CallRecord record = new CallRecord(id, startedAt);
    record.model(request.model()).attribution(request.attribution());
    if (request.provider() != null) {
      record.provider(request.provider());
    }
    if (request.operation() != null) {
      record.operation(request.operation());
    }
    if (request.serviceTier() != null) {
      record.serviceTier(request.serviceTier());
    }
    if (request.batch()) {
      record.batch();
    }
    if (request.region() != null) {
      record.region(request.region());
    }
    if (request.key() != null) {
      record.key(request.key());
    }
    return record;
  }

  @Override
  protected CallRecord self() {
    return this;
  }

  @Override
  public CallRecord latency(Duration latency) {
    latencyIsGiven = true;
    return super.latency(latency);
  }

  @Override
  public CallRecord timeToFirstToken(Duration time) {
    firstTokenIsGiven = true;
    return super.timeToFirstToken(time);
  }

  @Override
  public CallRecord details(CallDetails all) {
    latencyIsGiven = all.latency() != null;
    firstTokenIsGiven = all.timeToFirstToken() != null;
    return super.details(all);
  }

  /** A latency of ours. */
  public CallRecord measuredLatency(Duration latency) {
    return latencyIsGiven ? this : super.latency(latency);
  }

  /** A time to the first token of ours. */
  public CallRecord measuredFirstToken(Duration time) {
    return firstTokenIsGiven ? this : super.timeToFirstToken(time);
  }

  /** Which times the caller stated. */
  public Given given() {
    return new Given(false, latencyIsGiven, firstTokenIsGiven);
  }

  /** The record as collected so far. */
  public Usage build() {
    return usage(at -> id, startedAt, Attribution.NONE);
  }
}

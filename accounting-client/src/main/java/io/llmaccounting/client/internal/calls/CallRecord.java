package io.llmaccounting.client.internal.calls;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.CallDetails;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFields;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is told of a call under way. What the caller states replaces what is measured. */
final class CallRecord extends UsageFields<CallRecord> {
  private final UUID id;
  private final Instant startedAt;
  private boolean latencyIsGiven;
  private boolean firstTokenIsGiven;
  private boolean firstTokenIsMeasured;
  private boolean attemptsAreGiven;
  private int attempted;
  private @Nullable ModelAnswer nearest;

  private CallRecord(UUID id, Instant startedAt) {
    this.id = id;
    this.startedAt = startedAt;
    id(id).at(startedAt);
  }

  /** A record on which words are tried, so that a wrong one fails where it is said. */
  static CallRecord ofNothing() {
    return new CallRecord(new UUID(0, 0), Instant.EPOCH);
  }

  /** The record of a call as it was asked for. */
  static CallRecord of(UUID id, Instant startedAt, CallRequest request) {
    CallRecord record = new CallRecord(id, startedAt);
    record.model(request.model()).attribution(request.attribution());
    if (request.provider() != null) {
      record.provider(request.provider());
    }
    if (request.operation() != null) {
      record.operation(request.operation());
    }
    if (!request.asked().isEmpty()) {
      record.asked(request.asked());
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
    attemptsAreGiven = all.attempts() != null;
    return super.details(all);
  }

  @Override
  public CallRecord attempts(int attempts) {
    attemptsAreGiven = true;
    return super.attempts(attempts);
  }

  /** Says how long the call took, unless the caller has. */
  CallRecord measuredLatency(Duration latency) {
    return latencyIsGiven ? this : super.latency(latency);
  }

  /** Says when the first token came, unless it is known; true for the first that is told. */
  boolean measuredFirstToken(Duration time) {
    boolean first = !firstTokenIsMeasured;
    firstTokenIsMeasured = true;
    if (first && !firstTokenIsGiven) {
      super.timeToFirstToken(time);
    }
    return first;
  }

  /** One more request is sent. */
  CallRecord attempted() {
    attempted++;
    nearest = null;
    return attemptsAreGiven ? this : super.attempts(attempted);
  }

  /** An answer as a layer has read it: the first of an attempt is nearest to the network. */
  List<String> answered(ModelAnswer answer) {
    answer(answer);
    if (nearest != null) {
      answer(nearest);
    } else {
      nearest = answer;
    }
    return answer.unread();
  }

  /** The record as it is now. */
  Usage build() {
    return usage(at -> id, startedAt, Attribution.NONE);
  }
}

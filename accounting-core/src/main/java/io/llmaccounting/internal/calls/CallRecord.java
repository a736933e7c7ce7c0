package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.ledger.Given;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Collects the record of a call that was held, and which of its durations the caller stated:
 * durations that the library measures only fill what was left open. Confined to one thread at a
 * time.
 */
final class CallRecord extends UsageFields<CallRecord> {
  private final UUID id;
  private final Instant startedAt;
  private boolean latencyIsGiven;
  private boolean firstTokenIsGiven;
  private boolean firstTokenIsMeasured;
  private boolean attemptsAreGiven;
  private int attempted;
  private @Nullable ModelAnswer nearest;
  private List<String> unreadTold = List.of();

  private CallRecord(UUID id, Instant startedAt) {
    this.id = id;
    this.startedAt = startedAt;
    id(id).at(startedAt);
  }

  /** A record that is never built. */
  static CallRecord ofNothing() {
    return new CallRecord(new UUID(0, 0), Instant.EPOCH);
  }

  /** The record of a call of which only the request is known so far. */
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
    if (!request.asked().isEmpty()) {
      record.asked(request.asked());
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

  /** Adds a latency that the library measured, unless the caller stated one. */
  public CallRecord measuredLatency(Duration latency) {
    return latencyIsGiven ? this : super.latency(latency);
  }

  /**
   * Adds a time to the first token that the library measured; says whether it is the first one that
   * is told.
   */
  boolean measuredFirstToken(Duration time) {
    boolean first = !firstTokenIsMeasured;
    firstTokenIsMeasured = true;
    if (first && !firstTokenIsGiven) {
      super.timeToFirstToken(time);
    }
    return first;
  }

  @Override
  public CallRecord attempts(int attempts) {
    attemptsAreGiven = true;
    return super.attempts(attempts);
  }

  /** Counts one more request to the provider; its answer is another one than those before. */
  CallRecord attempted() {
    attempted++;
    nearest = null;
    return attemptsAreGiven ? this : super.attempts(attempted);
  }

  /**
   * An answer as one of several layers has read it. The first layer to tell of an attempt is the
   * one next to the network: others only fill what it left open.
   *
   * @return the keys that were not understood and were not told before
   */
  List<String> answered(ModelAnswer answer) {
    answer(answer);
    if (nearest != null) {
      answer(nearest);
    } else {
      nearest = answer;
    }
    return newlyUnread(answer);
  }

  /** The answer as the end tells it; returns keys as {@link #answered} does. */
  List<String> ended(ModelAnswer answer) {
    answer(answer);
    return newlyUnread(answer);
  }

  private List<String> newlyUnread(ModelAnswer answer) {
    if (answer.unread().isEmpty()) {
      return List.of();
    }
    List<String> unread =
        answer.unread().stream().filter(key -> !unreadTold.contains(key)).toList();
    if (!unread.isEmpty()) {
      unreadTold = Stream.concat(unreadTold.stream(), unread.stream()).toList();
    }
    return unread;
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

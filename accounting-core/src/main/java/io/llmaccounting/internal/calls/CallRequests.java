package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.Expectations;
import io.llmaccounting.internal.settings.CallSettings;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.Attribution;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Completes what is asked: who calls, by context and defaults; how large the call may become, by
 * estimates and prices. Safe for use by many threads.
 */
public final class CallRequests {
  private final CallSettings settings;
  private final Expectations expectations;
  private final NameRule names;

  /** Completes requests by {@code settings} and {@code expectations} and checks their names. */
  public CallRequests(CallSettings settings, Expectations expectations, NameRule names) {
    this.settings = settings;
    this.expectations = expectations;
    this.names = names;
  }

  /** The caller's clock. */
  Instant now() {
    return settings.now();
  }

  /** Completes who calls, by what the caller's thread knows and by defaults. */
  CallRequest attributed(CallRequest request) {
    return attributed(request, settings.known());
  }

  private static CallRequest attributed(CallRequest request, Attribution known) {
    Attribution completed = request.attribution().orElse(known);
    return completed.equals(request.attribution()) ? request : request.attribution(completed);
  }

  /** Refuses names that may not call. */
  CallRequest named(CallRequest attributed) {
    names.require(attributed.attribution());
    return attributed;
  }

  /** Completes who calls and checks the names. */
  CallRequest completed(CallRequest request) {
    return named(attributed(request));
  }

  /**
   * Completes who calls and checks the names; the stage fails with what {@link #named} throws. What
   * follows tells listeners.
   */
  CompletableFuture<CallRequest> completed(Way way, CallRequest request) {
    return way.handOver(names.asked(way, attributed(request)));
  }

  /** Estimates and prices what a call may consume. */
  Expectation expected(CallRequest completed) {
    return expectations.of(completed, settings.now());
  }

  /** Makes a request for a new hold. */
  HoldRequest hold(CallRequest completed) {
    return hold(settings.newId(settings.now()), completed);
  }

  /** Makes a request for the hold that is to have this id. */
  HoldRequest hold(UUID id, CallRequest completed) {
    Duration lives = Objects.requireNonNullElse(completed.holdFor(), settings.holdTime());
    return new HoldRequest(id, completed, expected(completed), lives.toNanos() / 1_000);
  }

  /**
   * Makes requests for the sizes that a call under way may grow to; it was let in, its names are
   * not checked again.
   *
   * @param held what it was let in for, null where that is not known
   */
  List<HoldRequest> growing(UUID id, List<CallRequest> totals, @Nullable CallRequest held) {
    Attribution known = held == null ? settings.known() : held.attribution();
    return totals.stream().map(total -> hold(id, attributed(total, known))).toList();
  }
}

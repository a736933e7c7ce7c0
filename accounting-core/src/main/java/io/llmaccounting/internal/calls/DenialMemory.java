package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Reservation;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides whether denials are answered from memory for a moment. Safe for use by many threads. */
public sealed interface DenialMemory permits DenialMemory.None, RecentDenials {
  /** No denial is remembered: the ledger is always asked. */
  DenialMemory NONE = new None();

  /** The denial that an equal request got a moment ago, not to be counted; or null. */
  Decision.@Nullable Denied shown(CallRequest request);

  /** The denial that an equal request got a moment ago, counted as given again; or null. */
  Decision.@Nullable Denied given(CallRequest request);

  /** Asks {@code ledger}, unless a request for as much got a denial a moment ago. */
  CompletableFuture<Reservation> decide(
      HoldRequest request, Supplier<CompletableFuture<Reservation>> ledger);

  /** Asks {@code ledger} without holding anything, and remembers a denial. */
  Decision look(
      LimitIndex limits, CallRequest request, Expectation expected, Supplier<Decision> ledger);

  /** Forgets every denial, because something was given back. */
  void forget();

  /** Counts in the ledger the denials that were answered from memory; over once all are. */
  CompletableFuture<Void> count(Way way);

  /** How many denials were answered from memory of which the ledger has not said it knows. */
  long uncounted();

  /** Remembers no denial. */
  record None() implements DenialMemory {
    @Override
    public Decision.@Nullable Denied shown(CallRequest request) {
      return null;
    }

    @Override
    public Decision.@Nullable Denied given(CallRequest request) {
      return null;
    }

    @Override
    public CompletableFuture<Reservation> decide(
        HoldRequest request, Supplier<CompletableFuture<Reservation>> ledger) {
      return ledger.get();
    }

    @Override
    public Decision look(
        LimitIndex limits, CallRequest request, Expectation expected, Supplier<Decision> ledger) {
      return ledger.get();
    }

    @Override
    public void forget() {}

    @Override
    public CompletableFuture<Void> count(Way way) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public long uncounted() {
      return 0;
    }
  }
}

package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.SpreadLedger;
import io.llmaccounting.backend.StaleLimitsException;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.quota.LimitIndex;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sends operations to the ledger by the limits as they are: one transaction after the other, or
 * several at once that touch places of their own. Confined to the group commit's thread.
 */
public final class Transactions {
  private static final int LEAST_EACH = 2;

  private final Ledger ledger;
  private final CurrentLimits limits;
  private final Refusals refusals;
  private final Balances balances;
  private final Unsure unsure = new Unsure();
  private final AtOnce atOnce = new AtOnce();
  private final Places places;
  private boolean limitsChanged;

  /** Sends to {@code ledger}; {@code balances} are the leases of this process. */
  public Transactions(Ledger ledger, CurrentLimits limits, Refusals refusals, Balances balances) {
    this.ledger = ledger;
    this.limits = limits;
    this.refusals = refusals;
    this.balances = balances;
    this.places =
        ledger instanceof SpreadLedger spread ? spread::placeOf : project -> SpreadLedger.HOME;
  }

  /**
   * Parts operations by where all lies that they touch, each part in their order; one part where
   * the ledger has one place only, where parts would be small, or where it is to look for what
   * earlier transactions may have left.
   *
   * @throws RuntimeException if the limits cannot be read
   */
  List<List<Operation<?>>> apart(List<Operation<?>> operations) {
    if (operations.size() < 2 || !(ledger instanceof SpreadLedger) || unsure.isAny()) {
      return List.of(operations);
    }
    LimitIndex current = current();
    SortedMap<Integer, List<Operation<?>>> parts = new TreeMap<>();
    for (Operation<?> operation : operations) {
      operation.match(current);
      parts.computeIfAbsent(operation.place(places), first -> new ArrayList<>()).add(operation);
    }
    return isWorthwhile(parts.size(), operations.size())
        ? List.copyOf(parts.values())
        : List.of(operations);
  }

  // Where most parts would be one operation, a transaction over all of them is less work.
  private static boolean isWorthwhile(int parts, int operations) {
    return parts * LEAST_EACH <= operations;
  }

  private LimitIndex current() {
    if (limitsChanged) {
      limits.reload();
      limitsChanged = false;
    }
    return limits.current();
  }

  /**
   * Sends operations; committed when it returns.
   *
   * @param expiredFrom from when on expired holds are looked for, null for not at all
   * @throws StaleLimitsException if the limits have changed; the next transaction reads them
   */
  LedgerTransaction send(List<Operation<?>> operations, @Nullable Instant expiredFrom) {
    Sending sending = prepared(operations, expiredFrom);
    sending.run();
    return finished(sending);
  }

  /**
   * Sends parts at the same time; what became of each is told by {@link #finished}. The first looks
   * for expired holds.
   */
  List<Sending> sendApart(List<List<Operation<?>>> parts, @Nullable Instant expiredFrom) {
    List<Sending> sent = new ArrayList<>(parts.size());
    for (List<Operation<?>> part : parts) {
      sent.add(prepared(part, sent.isEmpty() ? expiredFrom : null));
    }
    atOnce.run(sent);
    return sent;
  }

  private Sending prepared(List<Operation<?>> operations, @Nullable Instant expiredFrom) {
    LimitIndex current = current();
    Needs needs = new Needs(balances);
    int place = unsure.isAny() ? SpreadLedger.HOME : -1;
    for (Operation<?> operation : operations) {
      operation.match(current);
      operation.need(needs);
      operation.attempt();
      int own = operation.place(places);
      place = place < 0 || place == own ? own : SpreadLedger.HOME;
    }
    unsure.need(needs);
    return new Sending(
        ledger,
        Math.max(place, SpreadLedger.HOME),
        needs.toBatch(current.revision(), expiredFrom),
        operations,
        new LedgerTransaction(operations, current, refusals, unsure));
  }

  /**
   * The transaction, which is committed.
   *
   * @throws RuntimeException if it is not, as the ledger says
   */
  LedgerTransaction finished(Sending sending) {
    Throwable error = sending.error();
    if (error == null) {
      return sending.transaction();
    }
    failed(sending.transaction(), sending.operations(), error);
    if (error instanceof Error serious) {
      throw serious;
    }
    throw error instanceof RuntimeException known ? known : new IllegalStateException(error);
  }

  private void failed(
      LedgerTransaction transaction, List<Operation<?>> operations, Throwable error) {
    limitsChanged |= error instanceof StaleLimitsException;
    boolean mayBeBooked = Unsure.mayBeBooked(error);
    if (mayBeBooked) {
      unsure.sent(transaction);
    }
    operations.forEach(operation -> operation.missed(mayBeBooked));
  }

  /** Counts what a committed transaction has found of earlier ones whose answer was lost. */
  void answered(LedgerTransaction committed, Meters meters) {
    unsure.answered(committed, meters);
  }

  /** Lets the threads go that it works with beside its caller's. */
  void close() {
    atOnce.close();
  }
}

package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A usage record as the ledger keeps it.
 *
 * @param usage what the caller told, with the cost computed at that time
 * @param chargedAt the instant that quotas charge, given by the ledger
 * @param settledAt when the ledger booked it
 * @param late true if its hold had expired before it was settled
 * @param adjustment the latest correction of its cost, or null; the record itself is never edited
 * @param figures better figures that count in place of the record's, or null
 */
public record RecordedUsage(
    Usage usage,
    Instant chargedAt,
    Instant settledAt,
    boolean late,
    @Nullable PricedCost adjustment,
    @Nullable CallFigures figures) {

  /** A record whose own figures count. */
  public RecordedUsage(
      Usage usage,
      Instant chargedAt,
      Instant settledAt,
      boolean late,
      @Nullable PricedCost adjustment) {
    this(usage, chargedAt, settledAt, late, adjustment, null);
  }

  /** Checks the instants. */
  public RecordedUsage {
    chargedAt = Check.instant("chargedAt", chargedAt);
    settledAt = Check.instant("settledAt", settledAt);
  }

  /** True if a later correction counts now, in place of what was recorded. */
  public boolean isAdjusted() {
    return adjustment != null || figures != null;
  }

  /** The record as it is once {@code later} is known. */
  public RecordedUsage adjusted(UsageAdjustment later) {
    return new RecordedUsage(
        usage, chargedAt, settledAt, late, later.correctedCost(), later.figures());
  }

  /** The call with the figures that count now, but without a correction of its cost. */
  public Usage current() {
    return figures == null ? usage : usage.withFigures(figures);
  }

  /** The figures that count now. */
  public CallFigures currentFigures() {
    return figures == null ? CallFigures.of(usage) : figures;
  }

  /** The cost computed from prices that counts now: the latest correction, else the record's. */
  public Optional<PricedCost> computedCost() {
    return Optional.ofNullable(adjustment != null ? adjustment : current().computedCost());
  }

  /** True if the cost that counts now lacks a component that had no price. */
  public boolean costIsLowerBound() {
    return adjustment != null ? adjustment.lowerBound() : current().costIsLowerBound();
  }

  /** The cost that counts now: the latest correction, else the record's own, else unknown. */
  public Optional<Cost> cost() {
    return adjustment != null ? Optional.of(adjustment.cost()) : current().cost();
  }
}

package io.llmaccounting.usage;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Exact sums over calls. Unknown values are left out of the sums; the calls with unknown values are
 * counted. A sum that no long can hold is {@link Long#MAX_VALUE}, which means that much or more.
 *
 * @param calls all calls
 * @param failed calls whose outcome is FAILED
 * @param cancelled calls whose outcome is CANCELLED
 * @param unfinished calls whose outcome is UNFINISHED
 * @param estimated calls whose tokens are estimated
 * @param partial calls whose tokens stem from a broken stream
 * @param missing calls whose tokens are unknown
 * @param unpriced calls whose cost is unknown
 * @param tokens sums of the token parts
 * @param cost sum of the known costs
 * @param localInput input tokens by the callers' own tokenizers
 * @param localOutput output tokens by the callers' own tokenizers
 * @param latency latencies
 * @param timeToFirstToken times to the first token
 * @param lowerBound calls whose cost lacks a component that had no price
 * @param reportedCost what sellers reported, in nano-dollars
 * @param costDifference reported minus computed cost of those calls that have both, in
 *     nano-dollars; below zero where the sellers reported less
 */
public record UsageTotals(
    long calls,
    long failed,
    long cancelled,
    long unfinished,
    long estimated,
    long partial,
    long missing,
    long unpriced,
    TokenUsage tokens,
    Cost cost,
    Sum localInput,
    Sum localOutput,
    Sum latency,
    Sum timeToFirstToken,
    long lowerBound,
    Sum reportedCost,
    Sum costDifference) {

  /** The totals of no calls. */
  public static final UsageTotals ZERO =
      new UsageTotals(
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          TokenUsage.NONE,
          Cost.ZERO,
          Sum.ZERO,
          Sum.ZERO,
          Sum.ZERO,
          Sum.ZERO,
          0,
          Sum.ZERO,
          Sum.ZERO);

  /**
   * A sum over those calls that have a value.
   *
   * @param count calls that have a value
   * @param sum their sum; tokens, microseconds or nano-dollars
   */
  public record Sum(long count, long sum) {
    /** A sum of no values. */
    public static final Sum ZERO = new Sum(0, 0);

    /** A sum of one value, or of none where it is null. */
    public static Sum of(@Nullable Long value) {
      return value == null ? ZERO : new Sum(1, value);
    }

    static Sum of(@Nullable Duration value) {
      return value == null ? ZERO : new Sum(1, micros(value));
    }

    private static long micros(Duration value) {
      return Math.addExact(
          Math.multiplyExact(value.getSeconds(), 1_000_000L), value.getNano() / 1_000);
    }

    /** The sum of both. */
    public Sum plus(Sum other) {
      return new Sum(Saturated.sum(count, other.count), Saturated.sum(sum, other.sum));
    }

    /** The average, six decimals, HALF_EVEN; empty where no call has a value. */
    public Optional<BigDecimal> average() {
      return UsageTotals.average(sum, count);
    }
  }

  /** The totals of one record. */
  public static UsageTotals of(RecordedUsage recorded) {
    Usage usage = recorded.current();
    Optional<Cost> cost = recorded.cost();
    return new UsageTotals(
        1,
        usage.outcome() == Outcome.FAILED ? 1 : 0,
        usage.outcome() == Outcome.CANCELLED ? 1 : 0,
        usage.outcome() == Outcome.UNFINISHED ? 1 : 0,
        usage.source() == TokenSource.ESTIMATED ? 1 : 0,
        usage.source() == TokenSource.PARTIAL ? 1 : 0,
        usage.source() == TokenSource.MISSING ? 1 : 0,
        cost.isEmpty() ? 1 : 0,
        usage.tokens() == null ? TokenUsage.NONE : TokenUsage.NONE.plus(usage.tokens()),
        cost.orElse(Cost.ZERO),
        Sum.of(usage.localInputTokens()),
        Sum.of(usage.localOutputTokens()),
        Sum.of(usage.details().latency()),
        Sum.of(usage.details().timeToFirstToken()),
        recorded.costIsLowerBound() ? 1 : 0,
        Sum.of(nanos(usage.reportedCost())),
        difference(recorded));
  }

  private static @Nullable Long nanos(@Nullable Cost cost) {
    return cost == null ? null : cost.nanos();
  }

  private static Sum difference(RecordedUsage recorded) {
    Cost reported = recorded.current().reportedCost();
    Cost computed = recorded.computedCost().map(PricedCost::cost).orElse(null);
    return reported == null || computed == null
        ? Sum.ZERO
        : new Sum(1, reported.nanos() - computed.nanos());
  }

  /** The sum of both, part by part. */
  public UsageTotals plus(UsageTotals other) {
    return new UsageTotals(
        Saturated.sum(calls, other.calls),
        Saturated.sum(failed, other.failed),
        Saturated.sum(cancelled, other.cancelled),
        Saturated.sum(unfinished, other.unfinished),
        Saturated.sum(estimated, other.estimated),
        Saturated.sum(partial, other.partial),
        Saturated.sum(missing, other.missing),
        Saturated.sum(unpriced, other.unpriced),
        tokens.plus(other.tokens),
        cost.plus(other.cost),
        localInput.plus(other.localInput),
        localOutput.plus(other.localOutput),
        latency.plus(other.latency),
        timeToFirstToken.plus(other.timeToFirstToken),
        Saturated.sum(lowerBound, other.lowerBound),
        reportedCost.plus(other.reportedCost),
        costDifference.plus(other.costDifference));
  }

  /** Calls whose outcome is SUCCEEDED. */
  public long succeeded() {
    return calls - failed - cancelled - unfinished;
  }

  /** Calls whose tokens are known. */
  public long callsWithTokens() {
    return calls - missing;
  }

  /** Calls whose cost is known. */
  public long pricedCalls() {
    return calls - unpriced;
  }

  /** Average input tokens of the calls whose tokens are known; six decimals, HALF_EVEN. */
  public Optional<BigDecimal> averageInputTokens() {
    return average(tokens.input(), callsWithTokens());
  }

  /** Average output tokens of the calls whose tokens are known; six decimals, HALF_EVEN. */
  public Optional<BigDecimal> averageOutputTokens() {
    return average(tokens.output(), callsWithTokens());
  }

  /** Average of all tokens of the calls whose tokens are known; six decimals, HALF_EVEN. */
  public Optional<BigDecimal> averageTotalTokens() {
    return average(tokens.total(), callsWithTokens());
  }

  /** Average cost of the calls whose cost is known, rounded HALF_EVEN to the nano-dollar. */
  public Optional<Cost> averageCost() {
    return pricedCalls() == 0
        ? Optional.empty()
        : Optional.of(
            new Cost(
                BigDecimal.valueOf(cost.nanos())
                    .divide(BigDecimal.valueOf(pricedCalls()), 0, RoundingMode.HALF_EVEN)
                    .longValueExact()));
  }

  /** Average latency of the calls that have one, rounded HALF_EVEN to the microsecond. */
  public Optional<Duration> averageLatency() {
    return averageDuration(latency);
  }

  /** Average time to the first token of the calls that have one, HALF_EVEN to the microsecond. */
  public Optional<Duration> averageTimeToFirstToken() {
    return averageDuration(timeToFirstToken);
  }

  private static Optional<Duration> averageDuration(Sum sum) {
    return sum.average()
        .map(micros -> micros.setScale(0, RoundingMode.HALF_EVEN).longValueExact())
        .map(micros -> Duration.of(micros, ChronoUnit.MICROS));
  }

  private static Optional<BigDecimal> average(long sum, long count) {
    return count == 0
        ? Optional.empty()
        : Optional.of(
            new BigDecimal(BigInteger.valueOf(sum))
                .divide(BigDecimal.valueOf(count), 6, RoundingMode.HALF_EVEN));
  }
}

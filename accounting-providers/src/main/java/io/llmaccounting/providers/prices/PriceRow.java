package io.llmaccounting.providers.prices;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The price of some models from an instant on. Rows never change: a new price is a new row.
 *
 * @param id what a record that it priced refers to
 * @param provider OpenTelemetry's name of the provider, null for any
 * @param models names of models; {@code *} stands for any characters, {@code #} for one digit, a
 *     {@code ~} at the end for a date or another mark of a version, a leading {@code !} excludes.
 *     Case does not matter
 * @param project the project that it is the contract price of, null for all
 * @param from the first instant at which it applies, null for always
 * @param until the first instant at which it no longer applies, null for none; a newer row takes
 *     over without it
 * @param prices the prices where neither a tier nor a time of day changes them
 * @param tiers prices of large requests, by ascending boundary
 * @param daily prices of parts of the day
 * @param batch multiplier for batches, null where unknown
 * @param batchAssumed whether that multiplier is a rule of the provider and not stated for the
 *     model
 * @param serviceTiers multipliers by service tier
 * @param regions multipliers by region; {@code *} is every other one
 * @param speeds multipliers by speed of the answer, for instance {@code fast}
 * @param extras prices of what is billed apart, by the names that usage records have
 * @param derived prices that no source states for the model, but that follow from its others by a
 *     factor that the provider documents
 * @param disputed what other sources say, where they disagree
 * @param source the source, as the header of its file names it, or null
 */
public record PriceRow(
    String id,
    @Nullable String provider,
    List<String> models,
    @Nullable String project,
    @Nullable Instant from,
    @Nullable Instant until,
    TokenPrices prices,
    List<PriceTier> tiers,
    List<DailyPrices> daily,
    @Nullable BigDecimal batch,
    boolean batchAssumed,
    Map<String, BigDecimal> serviceTiers,
    Map<String, BigDecimal> regions,
    Map<String, BigDecimal> speeds,
    Map<String, ExtraPrice> extras,
    List<String> derived,
    List<String> disputed,
    @Nullable String source) {

  /** Copies the collections. */
  public PriceRow {
    models = List.copyOf(models);
    tiers = List.copyOf(tiers);
    daily = List.copyOf(daily);
    serviceTiers = Map.copyOf(serviceTiers);
    regions = Map.copyOf(regions);
    speeds = Map.copyOf(speeds);
    extras = Map.copyOf(extras);
    derived = List.copyOf(derived);
    disputed = List.copyOf(disputed);
  }

  boolean isInForce(Instant at) {
    return (from == null || !at.isBefore(from)) && (until == null || at.isBefore(until));
  }
}

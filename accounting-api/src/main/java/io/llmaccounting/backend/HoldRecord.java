package io.llmaccounting.backend;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A hold as it is stored: one row until it is settled or released. It is the hold of one call, or
 * it is a lease: the hold of all calls that a process lets in from it.
 *
 * @param id the hold's id, that of the usage record to come
 * @param model the model that is asked
 * @param provider the provider, or null
 * @param attribution who makes the call
 * @param admittedAt when it was admitted, by the ledger's clock
 * @param expiresAt from when on it no longer counts
 * @param livesMicros how long it lives after each renewal, in microseconds
 * @param expected what the whole call is expected to consume
 * @param amounts what it holds on which counter
 * @param asked what else was said of the call when it was admitted
 * @param lease how far the lease has come, for a hold that is one; else null. A lease is of no
 *     call: nobody is attributed, and its model is {@link #LEASE}
 */
public record HoldRecord(
    UUID id,
    String model,
    @Nullable String provider,
    Attribution attribution,
    Instant admittedAt,
    Instant expiresAt,
    long livesMicros,
    Expected expected,
    List<Amount> amounts,
    Asked asked,
    @Nullable Lease lease) {

  /** Stands in place of a model in a lease, which belongs to no single call. */
  public static final String LEASE = "(lease)";

  /**
   * How far a lease has come.
   *
   * @param sequence number of the last change that its process asked for and that was made, from 1
   * @param granted how much room that change added
   */
  public record Lease(long sequence, long granted) {}

  /**
   * What the record of the call will say besides who makes it.
   *
   * @param key its idempotency key, or null
   * @param operation the operation, or null
   * @param serviceTier the provider's service tier, or null
   * @param batch whether it goes through a batch interface
   * @param region the region, or null
   */
  public record Asked(
      @Nullable String key,
      @Nullable String operation,
      @Nullable String serviceTier,
      boolean batch,
      @Nullable String region) {
    /** Says nothing of a call. */
    public static final Asked NOTHING = new Asked(null, null, null, false, null);
  }

  /**
   * What a call is expected to consume. Limits that are saved later work out from this what the
   * call holds on them.
   *
   * @param inputTokens input tokens
   * @param outputTokens output tokens
   * @param cost the cost, or null where nobody can tell
   */
  public record Expected(long inputTokens, long outputTokens, @Nullable Cost cost) {}

  /**
   * What is held on one counter.
   *
   * @param counter the counter
   * @param amount in the limit's unit
   * @param leaves the instant at which it leaves the window, microseconds since 1970
   */
  public record Amount(CounterKey counter, long amount, long leaves) {}

  /** A hold of a call of which nothing else was said. */
  public HoldRecord(
      UUID id,
      String model,
      @Nullable String provider,
      Attribution attribution,
      Instant admittedAt,
      Instant expiresAt,
      long livesMicros,
      Expected expected,
      List<Amount> amounts) {
    this(
        id,
        model,
        provider,
        attribution,
        admittedAt,
        expiresAt,
        livesMicros,
        expected,
        amounts,
        Asked.NOTHING,
        null);
  }

  /** Checks the instants. */
  public HoldRecord {
    admittedAt = Check.instant("admittedAt", admittedAt);
    expiresAt = Check.instant("expiresAt", expiresAt);
    amounts = List.copyOf(amounts);
  }

  /** A lease on one counter. */
  public static HoldRecord ofLease(
      UUID id, Instant takenAt, Instant expiresAt, Amount amount, Lease lease) {
    return new HoldRecord(
        id,
        LEASE,
        null,
        Attribution.NONE,
        takenAt,
        expiresAt,
        ChronoUnit.MICROS.between(takenAt, expiresAt),
        new Expected(0, 0, null),
        List.of(amount),
        Asked.NOTHING,
        lease);
  }

  /** Returns a copy with another expiry. */
  public HoldRecord expiring(Instant expiresAt) {
    return with(expiresAt, expected, amounts, asked);
  }

  /** Returns a copy with other amounts for what is expected now. */
  public HoldRecord holding(Expected expected, List<Amount> amounts) {
    return with(expiresAt, expected, amounts, asked);
  }

  /** Returns a copy of which {@code asked} was said. */
  public HoldRecord asking(Asked asked) {
    return with(expiresAt, expected, amounts, asked);
  }

  /** The same as a lease that has come so far; null for a hold of a call. */
  public HoldRecord leasing(@Nullable Lease lease) {
    return new HoldRecord(
        id,
        model,
        provider,
        attribution,
        admittedAt,
        expiresAt,
        livesMicros,
        expected,
        amounts,
        asked,
        lease);
  }

  private HoldRecord with(Instant expiry, Expected consumption, List<Amount> held, Asked said) {
    return new HoldRecord(
        id,
        model,
        provider,
        attribution,
        admittedAt,
        expiry,
        livesMicros,
        consumption,
        held,
        said,
        lease);
  }
}

package io.llmaccounting.retention;

import io.llmaccounting.backend.Retention.Leftover;
import io.llmaccounting.internal.admin.AdminParts;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAmount;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How long things are kept, each as a {@link java.time.Period} or {@link java.time.Duration} back
 * from now, in UTC. Kinds of data without a time are kept for ever. Immutable.
 *
 * @param usage records of calls, by the time of the call, cut to quarter hours; or null
 * @param keys idempotency keys of purged calls, not shorter than usage; or null
 * @param rollups sums that reports are read from, whole days, not shorter than usage; or null
 * @param audit entries of the audit log, see {@code audit().retain}; or null
 * @param denials counts of refused reserves; or null
 * @param alerts alerts that were delivered; or null
 */
public record RetentionPolicy(
    @Nullable TemporalAmount usage,
    @Nullable TemporalAmount keys,
    @Nullable TemporalAmount rollups,
    @Nullable TemporalAmount audit,
    @Nullable TemporalAmount denials,
    @Nullable TemporalAmount alerts) {
  private static final RetentionPolicy EVERYTHING =
      new RetentionPolicy(null, null, null, null, null, null);

  /** Checks that times are positive. */
  public RetentionPolicy {
    requirePositive("usage", usage);
    requirePositive("keys", keys);
    requirePositive("rollups", rollups);
    requirePositive("audit", audit);
    requirePositive("denials", denials);
    requirePositive("alerts", alerts);
  }

  private static void requirePositive(String what, @Nullable TemporalAmount time) {
    OffsetDateTime start = Instant.EPOCH.atOffset(ZoneOffset.UTC);
    if (time != null && !start.plus(time).isAfter(start)) {
      throw new IllegalArgumentException(what + " must be kept for a positive time, was " + time);
    }
  }

  /** Keeps everything for ever. */
  public static RetentionPolicy keepEverything() {
    return EVERYTHING;
  }

  /** Returns a copy that keeps records of calls for so long. */
  public RetentionPolicy usage(TemporalAmount time) {
    return new RetentionPolicy(time, keys, rollups, audit, denials, alerts);
  }

  /** Returns a copy that keeps keys for so long after their call. */
  public RetentionPolicy keys(TemporalAmount time) {
    return new RetentionPolicy(usage, time, rollups, audit, denials, alerts);
  }

  /** Returns a copy that keeps rollups for so long. */
  public RetentionPolicy rollups(TemporalAmount time) {
    return new RetentionPolicy(usage, keys, time, audit, denials, alerts);
  }

  /** Returns a copy that keeps entries of the audit log for so long. */
  public RetentionPolicy audit(TemporalAmount time) {
    return new RetentionPolicy(usage, keys, rollups, time, denials, alerts);
  }

  /** Returns a copy that keeps counts of refused reserves for so long. */
  public RetentionPolicy denials(TemporalAmount time) {
    return new RetentionPolicy(usage, keys, rollups, audit, time, alerts);
  }

  /** Returns a copy that keeps delivered alerts for so long. */
  public RetentionPolicy alerts(TemporalAmount time) {
    return new RetentionPolicy(usage, keys, rollups, audit, denials, time);
  }

  /**
   * Called by the library; applications call {@code admin().retain(policy)}.
   *
   * @param progress is told of every batch
   */
  public PurgeReport apply(AdminParts parts, Consumer<PurgeProgress> progress) {
    PurgePlan plan = at(parts.settings().now());
    plan.progress = progress;
    parts.expired().book();
    return new PurgeRun(parts, plan).run();
  }

  PurgePlan at(Instant now) {
    PurgePlan plan = new PurgePlan();
    if (usage != null) {
      plan.usageBefore(before(now, usage));
      requireNotShorter(now, "keys", keys, usage);
      requireNotShorter(now, "rollups", rollups, usage);
    }
    add(plan, now, Leftover.KEYS, keys);
    add(plan, now, Leftover.ROLLUPS, rollups);
    add(plan, now, Leftover.DENIALS, denials);
    add(plan, now, Leftover.DELIVERED_ALERTS, alerts);
    plan.auditBefore = audit == null ? null : before(now, audit);
    return plan;
  }

  private static void add(
      PurgePlan plan, Instant now, Leftover what, @Nullable TemporalAmount time) {
    if (time != null) {
      plan.leftover(what, before(now, time));
    }
  }

  private static void requireNotShorter(
      Instant now, String what, @Nullable TemporalAmount time, TemporalAmount usage) {
    if (time != null && before(now, time).isAfter(before(now, usage))) {
      throw new IllegalArgumentException(
          "%s must be kept at least as long as usage (%s), was %s".formatted(what, usage, time));
    }
  }

  private static Instant before(Instant now, TemporalAmount time) {
    return now.atOffset(ZoneOffset.UTC).minus(time).toInstant();
  }
}

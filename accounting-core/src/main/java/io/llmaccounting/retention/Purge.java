package io.llmaccounting.retention;

import io.llmaccounting.backend.Retention.Leftover;
import io.llmaccounting.internal.admin.AdminParts;
import io.llmaccounting.usage.UsageFilter;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Removes the records of calls made before an instant, with their corrections, and moves the purge
 * horizon there. Rollups and keys stay unless asked for; limits, directory and audit trail stay in
 * any case. Usage that lifetime limits count is carried over. Confined to one thread; others may
 * record meanwhile.
 */
public final class Purge {
  private final AdminParts parts;
  private final PurgePlan plan = new PurgePlan();
  private final Instant before;

  /** Made by the library; applications call {@link io.llmaccounting.LlmAccounting#admin}. */
  public Purge(AdminParts parts, Instant before) {
    this.parts = parts;
    plan.usageBefore(before);
    this.before = plan.usageBefore == null ? before : plan.usageBefore;
  }

  /**
   * Removes only calls that {@code filter} selects. The horizon moves all the same: from then on
   * nobody can tell which calls before it were purged.
   */
  public Purge only(UsageFilter filter) {
    plan.filter = filter;
    return this;
  }

  /** Removes the keys of purged calls, too: under such a key another call may then be recorded. */
  public Purge keysToo() {
    plan.leftover(Leftover.KEYS, before);
    return this;
  }

  /**
   * Removes the sums that reports are read from, too, of whole days (UTC) before the instant.
   * Reports over them are empty afterwards. Not together with {@link #only}.
   */
  public Purge rollupsToo() {
    plan.leftover(Leftover.ROLLUPS, before);
    return this;
  }

  /**
   * Removes usage, too, that lies inside a window that a limit still counts. The limit's counters
   * keep it until it would have left; verifying and rebuilding know of it.
   */
  public Purge evenIfCounted() {
    plan.evenIfCounted = true;
    return this;
  }

  /** Sets how many rows one transaction removes at most, 1 to 100,000; by default 2,000. */
  public Purge inBatchesOf(int rows) {
    if (rows < 1 || rows > 100_000) {
      throw new IllegalArgumentException("rows must be from 1 to 100000, was " + rows);
    }
    plan.batch = rows;
    return this;
  }

  /**
   * Has {@code progress} told after every batch. If it throws, the purge ends there, and what was
   * removed stays removed.
   */
  public Purge onProgress(Consumer<PurgeProgress> progress) {
    plan.progress = progress;
    return this;
  }

  /**
   * Says what would be removed, and removes nothing. With {@link #only}, keys of calls that stay
   * are counted too.
   *
   * @throws IllegalArgumentException as {@link #run} does
   */
  public PurgeReport preview() {
    return run(plan).preview();
  }

  /**
   * Runs the purge, in bounded batches, each in one transaction, and leaves an audit entry. An
   * interrupt stops it after a batch. After a run that was stopped, failed or was killed all sums
   * are still right, and running it again does the rest.
   *
   * @throws IllegalArgumentException if the instant lies in the future, or if a limit's window
   *     still counts usage from before it; nothing was removed
   * @throws io.llmaccounting.backend.BackendException if the store fails, or REJECTED if it does
   *     not let us remove records
   */
  public PurgeReport run() {
    return run(plan).run();
  }

  private PurgeRun run(PurgePlan plan) {
    if (plan.leftovers.containsKey(Leftover.ROLLUPS) && !plan.filter.equals(UsageFilter.all())) {
      throw new IllegalArgumentException(
          "rollups can be removed only with all usage before an instant, was limited to "
              + plan.filter.matches());
    }
    return new PurgeRun(parts, plan);
  }
}

package io.llmaccounting.admin;

import io.llmaccounting.backend.Difference;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.internal.admin.AdminParts;
import io.llmaccounting.internal.quota.Recount;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.OpenHold;
import io.llmaccounting.retention.Erasure;
import io.llmaccounting.retention.Purge;
import io.llmaccounting.retention.PurgeProgress;
import io.llmaccounting.retention.PurgeReport;
import io.llmaccounting.retention.RetentionPolicy;
import io.llmaccounting.usage.Timespan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The tasks of operators: transferring, pricing again, purging, erasing, verifying and rebuilding.
 * Safe for use by many threads.
 *
 * <p>Every method throws {@link io.llmaccounting.backend.BackendException} if the store cannot be
 * reached.
 */
public final class AccountingAdmin {
  private final AdminParts parts;
  private final UsageBackend backend;

  /** Made by the library; applications call {@link io.llmaccounting.LlmAccounting#admin}. */
  public AccountingAdmin(AdminParts parts) {
    this.parts = parts;
    this.backend = parts.backend();
  }

  /**
   * Calls that were neither settled nor released, those of dead processes included, oldest first.
   */
  public List<OpenHold> openHolds() {
    return backend.ledger().holds().stream()
        .filter(hold -> hold.lease() == null)
        .map(
            hold ->
                new OpenHold(
                    hold.id(),
                    hold.model(),
                    hold.provider(),
                    hold.attribution(),
                    hold.admittedAt(),
                    hold.expiresAt()))
        .toList();
  }

  /** Refused reserves whose minute lies in {@code span}, newest first. */
  public List<DenialCount> denials(Timespan span) {
    return backend.ledger().denials(span.at(parts.settings().now()));
  }

  /** Moves what another store knows into this one, or out of it. */
  public Transfer transfer() {
    return new Transfer(parts);
  }

  /**
   * Starts pricing calls of {@code span} again, for instance those that had no price when they were
   * recorded.
   */
  public Repricing reprice(Timespan span) {
    return new Repricing(parts, span.at(parts.settings().now()));
  }

  /**
   * Starts removing the records of calls made before an instant, which is rounded down to a quarter
   * hour (UTC), the edge of a rollup's bucket.
   */
  public Purge purge(Instant before) {
    return new Purge(parts, before);
  }

  /**
   * Removes all that {@code policy} keeps no longer. The library does not schedule this: the caller
   * does.
   */
  public PurgeReport retain(RetentionPolicy policy) {
    return retain(policy, progress -> {});
  }

  /**
   * Removes what {@code policy} keeps no longer, and tells {@code progress} after every batch.
   *
   * @throws IllegalArgumentException if a limit's window still counts usage that the policy keeps
   *     no longer; nothing was removed
   * @see Purge#run
   */
  public PurgeReport retain(RetentionPolicy policy, Consumer<PurgeProgress> progress) {
    return policy.apply(parts, progress);
  }

  /** Starts erasing the data of the person that {@code user} names; no sum changes. */
  public Erasure erase(String user) {
    return new Erasure(parts, user);
  }

  /** Compares rollups, counters and holds with the records. Reads every record; changes nothing. */
  public Verification verify() {
    return verify(step -> {});
  }

  /**
   * Compares as {@link #verify()} does.
   *
   * @param progress is told before each step; what it throws is thrown, and ends it
   */
  public Verification verify(Consumer<RecountStep> progress) {
    progress.accept(RecountStep.ROLLUPS);
    List<Difference> differences = new ArrayList<>(backend.maintenance().compareRollups());
    progress.accept(RecountStep.COUNTERS);
    differences.addAll(backend.maintenance().inspect(Recount::differences));
    return new Verification(differences);
  }

  /**
   * How many names of one dimension rollups tell apart on one day, see {@link
   * io.llmaccounting.backend.NameBound}.
   */
  public long namesPerDay() {
    return backend.maintenance().names().most();
  }

  /**
   * Changes how many names rollups tell apart, at least 1, for all who share the store. Leaves an
   * audit entry.
   */
  public void namesPerDay(long most) {
    backend.maintenance().names().change(most);
    parts.trail().append("names per day changed", Map.of("most", Long.toString(most)));
  }

  /** Makes rollups and counters anew from the records, and leaves an audit entry. */
  public void rebuild() {
    rebuild(step -> {});
  }

  /**
   * Makes them anew as {@link #rebuild()} does.
   *
   * @param progress is told before each step; what it throws is thrown, and ends it: steps that are
   *     done stay, the rest is as it was, and an audit entry says so
   */
  public void rebuild(Consumer<RecountStep> progress) {
    progress.accept(RecountStep.ROLLUPS);
    backend.maintenance().rebuildRollups();
    try {
      progress.accept(RecountStep.COUNTERS);
    } catch (RuntimeException e) {
      parts.trail().append("rebuild stopped", Map.of("rebuilt", "rollups"));
      throw e;
    }
    backend.maintenance().rebuildCounters(Recount::states);
    parts.trail().append("counters rebuilt", Map.of());
  }
}

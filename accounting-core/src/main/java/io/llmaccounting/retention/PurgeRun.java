package io.llmaccounting.retention;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.PurgeSlice;
import io.llmaccounting.backend.PurgedSlice;
import io.llmaccounting.backend.Retention;
import io.llmaccounting.backend.Retention.Leftover;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.internal.admin.AdminParts;
import io.llmaccounting.internal.quota.Bases;
import io.llmaccounting.internal.quota.LiveWindows;
import io.llmaccounting.usage.Saturated;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Carries a plan out, one bounded transaction after the other. Confined to one thread. */
final class PurgeRun {
  private static final int FEW = 100;

  private final UsageBackend backend;
  private final Retention retention;
  private final AdminParts parts;
  private final PurgePlan plan;
  private final Map<PurgeKind, Long> removed = new EnumMap<>(PurgeKind.class);
  private boolean interrupted;

  PurgeRun(AdminParts parts, PurgePlan plan) {
    this.backend = parts.backend();
    this.retention = backend.maintenance().retention();
    this.parts = parts;
    this.plan = plan;
  }

  PurgeReport preview() {
    Instant before = requireSound();
    Instant now = backend.usage().completeFrom();
    Instant horizon = before != null && before.isAfter(now) ? before : now;
    if (before != null) {
      removed.put(PurgeKind.USAGE, retention.countUsage(before, plan.filter));
    }
    plan.leftovers.forEach(
        (what, until) ->
            removed.put(
                PurgePlan.kind(what),
                retention.count(what, PurgePlan.behind(horizon, what, until))));
    return new PurgeReport(horizon, removed, true);
  }

  PurgeReport run() {
    Instant before = requireSound();
    try {
      if (before != null) {
        removeUsage(before);
      }
      Instant horizon = backend.usage().completeFrom();
      removeRest(horizon);
      parts.trail().append(interrupted ? "purge stopped" : "data purged", about(horizon));
      return new PurgeReport(horizon, removed, !interrupted);
    } catch (RuntimeException e) {
      tellFailure(e);
      throw e;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Throws if the plan asks for something that must not be done; returns the instant before which
   * usage is removed.
   */
  private @Nullable Instant requireSound() {
    Instant before = plan.usageBefore;
    if (before == null) {
      return null;
    }
    Instant now = backend.ledger().peek(Set.of()).now();
    if (before.isAfter(now)) {
      throw new IllegalArgumentException(
          "before must not lie in the future, was %s; the ledger's clock says %s"
              .formatted(before, now));
    }
    if (!plan.evenIfCounted) {
      LiveWindows.requireNoneBefore(backend.limits().load().limits(), before, now);
    }
    return before;
  }

  private void removeRest(Instant horizon) {
    plan.leftovers.forEach((what, until) -> remove(what, PurgePlan.behind(horizon, what, until)));
    removeIdleCounters();
    if (plan.auditBefore != null && goesOn()) {
      count(PurgeKind.AUDIT_ENTRIES, parts.retainAudit().applyAsLong(plan.auditBefore), 0);
    }
  }

  private void removeUsage(Instant before) {
    long expected = plan.progress == null ? 0 : retention.countUsage(before, plan.filter);
    count(PurgeKind.USAGE, 0, expected);
    UUID after = null;
    boolean done = false;
    // While the first few leave the horizon moves, and nobody can record anything.
    int most = Math.min(FEW, plan.batch);
    while (!done && goesOn()) {
      PurgeSlice slice = new PurgeSlice(before, plan.filter, after, most);
      PurgedSlice gone = unlessInterrupted(() -> retention.removeUsage(slice, new Bases()));
      if (gone != null) {
        after = gone.last();
        done = gone.done();
        most = plan.batch;
        count(PurgeKind.USAGE, gone.records(), expected);
      }
    }
  }

  private void remove(Leftover what, Instant before) {
    PurgeKind kind = PurgePlan.kind(what);
    long expected = plan.progress == null ? 0 : retention.count(what, before);
    count(kind, 0, expected);
    boolean done = false;
    while (!done && goesOn()) {
      Long gone = unlessInterrupted(() -> retention.remove(what, before, plan.batch));
      if (gone != null) {
        done = gone < plan.batch;
        count(kind, gone, expected);
      }
    }
  }

  // removing idle counters changes no answer: nobody asks for it, and nobody is told
  private void removeIdleCounters() {
    Instant now = backend.ledger().peek(Set.of()).now();
    boolean done = false;
    while (!done && goesOn()) {
      Long gone =
          unlessInterrupted(() -> retention.remove(Leftover.IDLE_COUNTERS, now, plan.batch));
      done = gone != null && gone < plan.batch;
    }
  }

  private interface Batch<T> {
    T remove();
  }

  // A store that is interrupted while it waits for its turn fails; nothing is broken by that.
  private static <T> @Nullable T unlessInterrupted(Batch<T> batch) {
    try {
      return batch.remove();
    } catch (BackendException e) {
      if (e.isPassing() && Thread.currentThread().isInterrupted()) {
        return null;
      }
      throw e;
    }
  }

  // The flag is put back at the end: with it set, the audit entry could not be written.
  private boolean goesOn() {
    interrupted |= Thread.interrupted();
    return !interrupted;
  }

  private void count(PurgeKind kind, long more, long expected) {
    long sum = removed.merge(kind, more, Saturated::sum);
    if (plan.progress != null) {
      plan.progress.accept(new PurgeProgress(kind, sum, expected));
    }
  }

  private Map<String, String> about(Instant horizon) {
    Map<String, String> about = new TreeMap<>();
    about.put("completeFrom", horizon.toString());
    removed.forEach(
        (kind, count) -> about.put(kind.name().toLowerCase(Locale.ROOT), Long.toString(count)));
    if (!plan.filter.matches().isEmpty()) {
      about.put("filter", plan.filter.matches().toString());
    }
    return about;
  }

  private void tellFailure(RuntimeException failure) {
    goesOn();
    try {
      parts.trail().append("purge broke off", about(backend.usage().completeFrom()));
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}

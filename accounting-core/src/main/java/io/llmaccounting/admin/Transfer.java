package io.llmaccounting.admin;

import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.audit.AuditScan;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.backend.DirectoryStore;
import io.llmaccounting.backend.LimitEdit;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.internal.admin.AdminParts;
import io.llmaccounting.internal.admin.UsageHistories;
import io.llmaccounting.internal.audit.AdminTrail;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.cache.LocalChanges;
import io.llmaccounting.internal.calls.AuditedLimit;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.ledger.RememberOperation;
import io.llmaccounting.internal.quota.LimitSeed;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.OwnedLimit;
import io.llmaccounting.recording.OldUsage;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageHistory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Moves what one store knows into another, exactly: ids, keys, the instants that limits charge, and
 * the history of corrections. Taking the same in again changes nothing. Names are not enforced.
 * Holds of calls under way are not moved. Safe for use by many threads.
 */
public final class Transfer {
  // prompts are large: a page of them has to fit in a small heap
  private static final int ENTRIES_AT_ONCE = 16;

  private static final int RECORDS_AT_ONCE = 500;

  private final AdminParts parts;
  private final UsageBackend backend;
  private final GroupCommit commits;
  private final CurrentLimits limits;
  private final AuditLog log;
  private final AdminTrail trail;
  private final boolean dry;

  /** Made by the library; applications call {@link io.llmaccounting.LlmAccounting#admin}. */
  public Transfer(AdminParts parts) {
    this(parts, false);
  }

  private Transfer(AdminParts parts, boolean dry) {
    this.parts = parts;
    this.dry = dry;
    this.backend = parts.backend();
    this.commits = parts.commits();
    this.limits = parts.limits();
    this.log = parts.log();
    this.trail = parts.trail();
  }

  /**
   * Returns a transfer that writes nothing: it answers what would become of each thing if that
   * thing were taken in alone.
   */
  public Transfer dryRun() {
    return new Transfer(parts, true);
  }

  /** Moves keys of callers and credentials of providers, as {@link #dryRun dry} as this does. */
  public AccessTransfer access() {
    return new AccessTransfer(parts, dry);
  }

  /**
   * Hands over every record with occurredAt in {@code period} that {@code filter} selects, in order
   * of id, in bounded memory, with all that became known of it later. No record comes twice; what
   * is recorded or removed meanwhile may come or not.
   */
  public void records(TimeRange period, UsageFilter filter, Consumer<UsageHistory> reader) {
    parts.expired().book();
    List<RecordedUsage> page = new ArrayList<>();
    backend
        .usage()
        .scan(
            period,
            filter,
            record -> {
              page.add(record);
              if (page.size() == RECORDS_AT_ONCE) {
                histories(page).forEach(reader);
                page.clear();
              }
            });
    histories(page).forEach(reader);
  }

  private List<UsageHistory> histories(List<RecordedUsage> records) {
    return UsageHistories.of(records, backend.usage());
  }

  /** Hands over every alert that has fired, oldest first, and whether it was delivered. */
  public void alerts(BiConsumer<Alert, Boolean> reader) {
    Set<UUID> open = new HashSet<>();
    backend.ledger().alerts(true).forEach(alert -> open.add(alert.id()));
    backend
        .ledger()
        .alerts(false)
        .forEach(alert -> reader.accept(alert, !open.contains(alert.id())));
  }

  /** Hands over every entry of the audit log with its seal, in order of id, in bounded memory. */
  public void auditEntries(Consumer<ScannedEntry> reader) {
    AuditScan scan = AuditScan.byId(ENTRIES_AT_ONCE);
    List<ScannedEntry> page = log.scan(scan);
    while (!page.isEmpty()) {
      page.forEach(reader);
      scan = scan.after(page.get(page.size() - 1));
      page = log.scan(scan);
    }
  }

  /**
   * Takes in entries of the audit log with their seals, in one transaction; where another entry has
   * the id here already, that one stays. Chains are verified here as they were there.
   */
  public RestoreReceipt restoreEntries(List<SealedEntry> entries) {
    List<SealedEntry> missing = new ArrayList<>();
    List<RestoreReceipt.Refusal> refused = new ArrayList<>();
    for (SealedEntry entry : entries) {
      UUID id = entry.entry().id();
      Optional<SealedEntry> here = log.entry(id);
      if (here.isEmpty()) {
        missing.add(entry);
      } else if (!here.get().equals(entry)) {
        refused.add(
            new RestoreReceipt.Refusal(
                id,
                RestoreReceipt.Reason.OTHER_ENTRY,
                "another entry of the audit log, or another seal, has the id " + id));
      }
    }
    if (!dry && !missing.isEmpty()) {
      log.append(missing);
    }
    long unchanged = (long) entries.size() - missing.size() - refused.size();
    return new RestoreReceipt(missing.size(), unchanged, 0, refused, refused.size());
  }

  /**
   * Takes in records as another store knew them, a thousand in one transaction, in bounded memory;
   * limits that watch them here count them by the instant that charged them there. A record that
   * cannot be taken in is reported and stops no other. What became known of a record later is taken
   * over with its times. A record that is here already takes over what it lacks; one of which more
   * is known here stays as it is. Leaves an audit entry if anything was changed.
   *
   * @throws io.llmaccounting.backend.BackendException if the store fails; what was handed over
   *     before may be stored, and repeating all of it is safe
   */
  public RestoreReceipt restore(Iterator<UsageHistory> records) {
    return restore(records, OldUsage.REFUSE);
  }

  /** Takes in records as {@link #restore(Iterator)} does, and says what becomes of old ones. */
  public RestoreReceipt restore(Iterator<UsageHistory> records, OldUsage old) {
    Restoring restoring = new Restoring(commits, backend.usage(), old);
    if (dry) {
      records.forEachRemaining(record -> restoring.preview(record, twin(record.record())));
      return restoring.receipt();
    }
    try {
      restoring.run(records);
    } finally {
      if (restoring.hasChangedAnything()) {
        RestoreReceipt receipt = restoring.receipt();
        trail.append(
            "usage restored",
            Map.of(
                "added", Long.toString(receipt.added()),
                "corrected", Long.toString(receipt.corrected())));
      }
    }
    return restoring.receipt();
  }

  /**
   * Takes in a limit, whose counters count what the records here say; where a limit of that name is
   * here already, that one stays. Leaves an audit entry if it is new.
   */
  public Restored restore(Limit limit) {
    return restore(new OwnedLimit(limit, null));
  }

  /** Takes in a limit as {@link #restore(Limit)} does, for the set that owned it there. */
  public Restored restore(OwnedLimit owned) {
    Limit limit = owned.limit();
    for (StoredLimit stored : limits.reload().all()) {
      if (stored.limit().name().equals(limit.name())) {
        return stored.limit().equals(limit) ? Restored.UNCHANGED : Restored.REFUSED;
      }
    }
    if (!dry) {
      LimitEdit edit = new LimitEdit(List.of(owned), Set.of());
      backend.limits().change(all -> edit, LimitSeed.SEED);
      limits.reload();
      trail.append("limit restored", AuditedLimit.of(limit.name(), null, limit));
    }
    return Restored.ADDED;
  }

  /**
   * Takes in a project or user with its times; where one of that name is here already, that one
   * stays.
   */
  public Restored restore(DirectoryEntry entry) {
    DirectoryStore directory = backend.directory();
    Optional<DirectoryEntry> here = directory.find(entry.kind(), entry.name());
    if (here.isPresent()) {
      return here.get().equals(entry) ? Restored.UNCHANGED : Restored.REFUSED;
    }
    if (!dry && !directory.add(entry)) {
      return Restored.REFUSED;
    }
    LocalChanges.ofDirectory();
    return Restored.ADDED;
  }

  /**
   * Takes in alerts that have fired elsewhere; one whose id is here stays as it is.
   *
   * @param delivered whether listeners have heard of them; others are delivered from here
   * @return how many are new here
   */
  public long restoreAlerts(List<Alert> alerts, boolean delivered) {
    if (alerts.isEmpty()) {
      return 0;
    }
    Set<UUID> missing = new HashSet<>();
    alerts.forEach(alert -> missing.add(alert.id()));
    backend.ledger().alerts(false).forEach(alert -> missing.remove(alert.id()));
    List<Alert> fresh = alerts.stream().filter(one -> missing.contains(one.id())).toList();
    if (!dry && !fresh.isEmpty()) {
      commits.book(new RememberOperation(fresh, List.of()));
      if (delivered) {
        backend.ledger().markDelivered(missing);
      }
    }
    return fresh.size();
  }

  /**
   * Raises the counts of refused reserves to what another store counted, each limit, subject and
   * minute at most once; counts that are as high already stay. Not safe against another that
   * restores the same at the same time.
   *
   * @return how many counts were raised
   */
  public long restoreDenials(List<DenialCount> denials) {
    if (denials.isEmpty()) {
      return 0;
    }
    // an export may name the subject of all others in two ways within one minute
    Map<List<Object>, DenialCount> there = new LinkedHashMap<>();
    denials.forEach(one -> there.merge(name(one), one, DenialCount::plus));
    Map<List<Object>, Long> here = counts(spanOf(denials));
    List<DenialCount> missing = new ArrayList<>();
    for (DenialCount denial : there.values()) {
      long more = denial.count() - here.getOrDefault(name(denial), 0L);
      if (more > 0) {
        missing.add(
            new DenialCount(
                denial.limit(),
                denial.subject(),
                denial.minute(),
                more,
                denial.lastRequested(),
                denial.lastReason()));
      }
    }
    if (dry) {
      return missing.size();
    }
    return missing.isEmpty() ? 0 : commits.book(new RememberOperation(List.of(), missing));
  }

  private @Nullable RecordedUsage twin(RecordedUsage record) {
    Usage usage = record.usage();
    String key = usage.key();
    return backend
        .usage()
        .find(usage.id())
        .or(
            () ->
                key == null
                    ? Optional.empty()
                    : backend.usage().findByKey(usage.attribution().project(), key))
        .orElse(null);
  }

  private Map<List<Object>, Long> counts(TimeRange period) {
    Map<List<Object>, Long> counts = new HashMap<>();
    backend.ledger().denials(period).forEach(one -> counts.put(name(one), one.count()));
    return counts;
  }

  private static List<Object> name(DenialCount denial) {
    return List.of(denial.limit(), denial.subject(), denial.minute());
  }

  private static TimeRange spanOf(List<DenialCount> denials) {
    Instant from = denials.get(0).minute();
    Instant last = from;
    for (DenialCount denial : denials) {
      from = denial.minute().isBefore(from) ? denial.minute() : from;
      last = denial.minute().isAfter(last) ? denial.minute() : last;
    }
    return new TimeRange(from, last.plus(1, ChronoUnit.MICROS));
  }
}

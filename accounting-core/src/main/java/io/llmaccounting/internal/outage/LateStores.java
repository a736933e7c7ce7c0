package io.llmaccounting.internal.outage;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.audit.AuditRemoval;
import io.llmaccounting.audit.AuditScan;
import io.llmaccounting.audit.AuditStream;
import io.llmaccounting.audit.AuditStreams;
import io.llmaccounting.audit.ErasableAuditLog;
import io.llmaccounting.audit.ErasedEntry;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterSeed;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.Decider;
import io.llmaccounting.backend.Difference;
import io.llmaccounting.backend.DirectoryStore;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LimitEdit;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.Maintenance;
import io.llmaccounting.backend.NameBound;
import io.llmaccounting.backend.Renaming;
import io.llmaccounting.backend.Retention;
import io.llmaccounting.backend.SpreadLedger;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageQuery;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The stores of a backend that is asked for anew each time, because it may not be there yet. */
final class LateStores {
  private LateStores() {}

  /** {@code known} is the ledger that is open, if one is; it opens none. */
  record OfLedger(Supplier<Ledger> real, Supplier<@Nullable Ledger> known) implements SpreadLedger {
    @Override
    public void transact(LedgerBatch batch, Decider decider) {
      real.get().transact(batch, decider);
    }

    @Override
    public int placeOf(@Nullable String project) {
      return known.get() instanceof SpreadLedger spread ? spread.placeOf(project) : HOME;
    }

    @Override
    public void transactAt(int place, LedgerBatch batch, Decider decider) {
      if (real.get() instanceof SpreadLedger spread) {
        spread.transactAt(place, batch, decider);
      } else {
        real.get().transact(batch, decider);
      }
    }

    @Override
    public LedgerView peek(Set<CounterKey> counters) {
      return real.get().peek(counters);
    }

    @Override
    public List<HoldRecord> holds() {
      return real.get().holds();
    }

    @Override
    public List<HoldRecord> expiredHolds(int most) {
      return real.get().expiredHolds(most);
    }

    @Override
    public List<DenialCount> denials(TimeRange period) {
      return real.get().denials(period);
    }

    @Override
    public List<Alert> alerts(boolean undeliveredOnly) {
      return real.get().alerts(undeliveredOnly);
    }

    @Override
    public void markDelivered(Set<UUID> alertIds) {
      real.get().markDelivered(alertIds);
    }
  }

  record OfUsage(Supplier<UsageStore> real) implements UsageStore {
    @Override
    public Optional<RecordedUsage> find(UUID id) {
      return real.get().find(id);
    }

    @Override
    public Optional<RecordedUsage> findByKey(@Nullable String project, String key) {
      return real.get().findByKey(project, key);
    }

    @Override
    public Map<UUID, List<UsageAdjustment>> adjustments(Set<UUID> ids) {
      return real.get().adjustments(ids);
    }

    @Override
    public List<RecordedUsage> latest(UsageQuery query) {
      return real.get().latest(query);
    }

    @Override
    public void scan(TimeRange period, UsageFilter filter, Consumer<RecordedUsage> reader) {
      real.get().scan(period, filter, reader);
    }

    @Override
    public List<ReportRow> report(ReportQuery query) {
      return real.get().report(query);
    }

    @Override
    public Instant completeFrom() {
      return real.get().completeFrom();
    }
  }

  record OfLimits(Supplier<LimitStore> real) implements LimitStore {
    @Override
    public long revision() {
      return real.get().revision();
    }

    @Override
    public AllLimits load() {
      return real.get().load();
    }

    @Override
    public StoredLimit save(Limit limit, CounterSeed seed) {
      return real.get().save(limit, seed);
    }

    @Override
    public List<StoredLimit> saveAll(List<Limit> limits, CounterSeed seed) {
      return real.get().saveAll(limits, seed);
    }

    @Override
    public boolean delete(String name, CounterSeed seed) {
      return real.get().delete(name, seed);
    }

    @Override
    public List<StoredLimit> change(Function<AllLimits, LimitEdit> wish, CounterSeed seed) {
      return real.get().change(wish, seed);
    }
  }

  record OfDirectory(Supplier<DirectoryStore> real) implements DirectoryStore {
    @Override
    public long revision() {
      return real.get().revision();
    }

    @Override
    public Optional<DirectoryEntry> find(DirectoryEntry.Kind kind, String name) {
      return real.get().find(kind, name);
    }

    @Override
    public List<DirectoryEntry> list(DirectoryEntry.Kind kind) {
      return real.get().list(kind);
    }

    @Override
    public boolean add(DirectoryEntry entry) {
      return real.get().add(entry);
    }

    @Override
    public boolean update(DirectoryEntry entry) {
      return real.get().update(entry);
    }

    @Override
    public boolean rename(DirectoryEntry.Kind kind, String from, String to) {
      return real.get().rename(kind, from, to);
    }

    @Override
    public boolean remove(DirectoryEntry.Kind kind, String name) {
      return real.get().remove(kind, name);
    }
  }

  record OfAudit(Supplier<AuditLog> real) implements ErasableAuditLog {
    @Override
    public int replace(List<ErasedEntry> entries) {
      if (real.get() instanceof ErasableAuditLog erasable) {
        return erasable.replace(entries);
      }
      throw new UnsupportedOperationException(
          "the audit log must be an ErasableAuditLog for data to be erased from it, was "
              + real.get().getClass().getName());
    }

    @Override
    public void append(List<SealedEntry> entries) {
      real.get().append(entries);
    }

    @Override
    public List<AuditEntry> find(AuditQuery query) {
      return real.get().find(query);
    }

    @Override
    public Optional<SealedEntry> entry(UUID id) {
      return real.get().entry(id);
    }

    @Override
    public List<ScannedEntry> scan(AuditScan scan) {
      return real.get().scan(scan);
    }

    @Override
    public List<AuditStream> streams(AuditStreams which) {
      return real.get().streams(which);
    }

    @Override
    public long unsealed() {
      return real.get().unsealed();
    }

    @Override
    public int remove(AuditRemoval removal) {
      return real.get().remove(removal);
    }
  }

  record OfMaintenance(Supplier<Maintenance> real) implements Maintenance {
    @Override
    public List<Difference> compareRollups() {
      return real.get().compareRollups();
    }

    @Override
    public void rebuildRollups() {
      real.get().rebuildRollups();
    }

    @Override
    public <T> T inspect(Function<LedgerSnapshot, T> reader) {
      return real.get().inspect(reader);
    }

    @Override
    public void rebuildCounters(Function<LedgerSnapshot, Map<CounterKey, CounterState>> rebuild) {
      real.get().rebuildCounters(rebuild);
    }

    @Override
    public Retention retention() {
      return real.get().retention();
    }

    @Override
    public Renaming renaming() {
      return real.get().renaming();
    }

    @Override
    public NameBound names() {
      return real.get().names();
    }
  }
}

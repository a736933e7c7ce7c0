package io.llmaccounting.testkit;

import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.testkit.InMemoryStorage.ProjectKey;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageQuery;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Looks through all records for every answer. */
final class InMemoryUsageStore implements UsageStore {
  private static final Comparator<RecordedUsage> OLDEST_FIRST =
      Comparator.comparing((RecordedUsage record) -> record.usage().occurredAt())
          .thenComparing(record -> record.usage().id());

  private final InMemoryStorage storage;
  private final FaultSwitch faults;

  InMemoryUsageStore(InMemoryStorage storage, FaultSwitch faults) {
    this.storage = storage;
    this.faults = faults;
  }

  @Override
  public Optional<RecordedUsage> find(UUID id) {
    return faults.enter(() -> Optional.ofNullable(storage.records.get(id)));
  }

  @Override
  public Optional<RecordedUsage> findByKey(@Nullable String project, String key) {
    return faults.enter(
        () ->
            Optional.ofNullable(storage.keys.get(new ProjectKey(project, key)))
                .map(holder -> storage.records.get(holder.id())));
  }

  @Override
  public Map<UUID, List<UsageAdjustment>> adjustments(Set<UUID> ids) {
    return faults.enter(
        () -> {
          Map<UUID, List<UsageAdjustment>> known = new HashMap<>();
          for (UUID id : ids) {
            List<UsageAdjustment> adjustments = storage.adjustments.get(id);
            if (adjustments != null) {
              known.put(id, List.copyOf(adjustments));
            }
          }
          return known;
        });
  }

  @Override
  public List<RecordedUsage> latest(UsageQuery query) {
    return faults.enter(
        () ->
            storage.records.values().stream()
                .filter(query::selects)
                .sorted(OLDEST_FIRST.reversed())
                .limit(query.limit())
                .toList());
  }

  @Override
  public void scan(TimeRange period, UsageFilter filter, Consumer<RecordedUsage> reader) {
    select(period, filter).forEach(reader);
  }

  @Override
  public List<ReportRow> report(ReportQuery query) {
    return faults.enter(
        () -> {
          Map<RecordedUsage, ReportRows.Naming> records = new LinkedHashMap<>();
          for (RecordedUsage record : storage.records.values()) {
            ReportRows.Naming naming = naming(record, query);
            if (naming != null) {
              records.put(record, naming);
            }
          }
          Map<RolledUp, ReportRows.Naming> rolledUp = new LinkedHashMap<>();
          storage.rolledUp.values().stream()
              .filter(sum -> sum.counts(query, storage.names))
              .forEach(sum -> rolledUp.put(sum, storage.names::value));
          return ReportRows.of(records, rolledUp, query);
        });
  }

  /** How the answer names the record's values; null if the record does not belong to it. */
  private ReportRows.@Nullable Naming naming(RecordedUsage record, ReportQuery query) {
    Instant at = record.usage().occurredAt();
    if (!query.period().contains(at)) {
      return null;
    }
    if (!InMemoryNames.canAnswer(query)
        || storage.names.needsRecords(query, at, storage.completeFrom)) {
      return query.filter().test(record) ? Dimension::of : null;
    }
    return storage.names.test(query, record.usage()) ? storage.names::value : null;
  }

  @Override
  public Instant completeFrom() {
    return faults.enter(() -> storage.completeFrom);
  }

  /** A copy in order of id, so that nobody who reads it keeps the others waiting. */
  private List<RecordedUsage> select(TimeRange period, UsageFilter filter) {
    return faults.enter(
        () ->
            storage.records.values().stream()
                .filter(record -> period.contains(record.usage().occurredAt()))
                .filter(filter)
                .toList());
  }
}

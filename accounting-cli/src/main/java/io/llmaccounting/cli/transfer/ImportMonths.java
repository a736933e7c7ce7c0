package io.llmaccounting.cli.transfer;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.postgres.PostgresBackend;
import io.llmaccounting.postgres.PostgresPartitions;
import io.llmaccounting.usage.TimeRange;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the partition of each month before its first record comes, where the database has
 * partitions and its role may make them. For one thread.
 */
final class ImportMonths implements Consumer<Instant> {
  private final Set<YearMonth> made = new HashSet<>();
  private final Consumer<String> notes;
  private @Nullable PostgresPartitions partitions;

  ImportMonths(UsageBackend backend, Consumer<String> notes) {
    this.partitions = backend instanceof PostgresBackend postgres ? postgres.partitions() : null;
    this.notes = notes;
  }

  @Override
  public void accept(Instant occurredAt) {
    if (partitions == null) {
      return;
    }
    YearMonth month = YearMonth.from(occurredAt.atZone(ZoneOffset.UTC));
    if (!made.add(month)) {
      return;
    }
    Instant start = month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    Instant end = month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    try {
      partitions.makeFor(new TimeRange(start, end));
    } catch (BackendException e) {
      if (e.kind() != BackendException.Kind.REJECTED) {
        throw e;
      }
      // without a partition such records are slower to purge later, and nothing else
      notes.accept("records of past months get no partition of their own: " + e.getMessage());
      partitions = null;
    }
  }
}

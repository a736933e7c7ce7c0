package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which records to list, newest first, ties by id: one page, which is found as fast far back as at
 * the end.
 *
 * @param period when they were made, see {@link Usage#occurredAt}
 * @param filter which of them
 * @param before the last record of the page before, null for the first page
 * @param limit most records, at least 1
 */
public record UsageQuery(
    TimeRange period, UsageFilter filter, @Nullable Position before, int limit) {

  /**
   * Where a record stands in the list, whether or not it is still there.
   *
   * @param at when the call was made
   * @param id of the record, which tells those of one instant apart
   */
  public record Position(Instant at, UUID id) implements Comparable<Position> {
    private static final Comparator<Position> ORDER =
        Comparator.comparing(Position::at).thenComparing(Position::id);

    /** Checks the instant. */
    public Position {
      at = Check.instant("at", at);
      Objects.requireNonNull(id, "id is required, was null");
    }

    /** Where {@code record} stands. */
    public static Position of(RecordedUsage record) {
      return new Position(record.usage().occurredAt(), record.usage().id());
    }

    /** Earlier ones are smaller. */
    @Override
    public int compareTo(Position other) {
      return ORDER.compare(this, other);
    }
  }

  /** Checks the limit. */
  public UsageQuery {
    Objects.requireNonNull(period, "period is required, was null");
    Objects.requireNonNull(filter, "filter is required, was null");
    Check.range("limit", limit, 1, Integer.MAX_VALUE);
  }

  /** The {@code limit} records made last. */
  public static UsageQuery latest(int limit) {
    return new UsageQuery(TimeRange.always(), UsageFilter.all(), null, limit);
  }

  /** Returns a query for records that {@code filter} selects only. */
  public UsageQuery only(UsageFilter filter) {
    return new UsageQuery(period, filter, before, limit);
  }

  /** Returns a query for records of {@code period} only. */
  public UsageQuery in(TimeRange period) {
    return new UsageQuery(period, filter, before, limit);
  }

  /** Returns a query for the page that follows this record. */
  public UsageQuery before(Position last) {
    return new UsageQuery(period, filter, last, limit);
  }

  /** True if {@code candidate} belongs to the list, were there room for all. */
  public boolean selects(RecordedUsage candidate) {
    return period.contains(candidate.usage().occurredAt())
        && (before == null || Position.of(candidate).compareTo(before) < 0)
        && filter.test(candidate);
  }
}

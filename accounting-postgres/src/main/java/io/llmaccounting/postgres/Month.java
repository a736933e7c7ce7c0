package io.llmaccounting.postgres;

import io.llmaccounting.usage.UsageId;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A month in UTC and the partition that holds its records. */
record Month(YearMonth month) implements Comparable<Month> {
  private static final Pattern PARTITION = Pattern.compile("usage_event_(\\d{4})_(\\d{2})");

  static Month of(Instant instant) {
    return new Month(YearMonth.from(instant.atOffset(ZoneOffset.UTC)));
  }

  /** The month of a partition's name; empty for other names. */
  static Optional<Month> ofPartition(String name) {
    Matcher parts = PARTITION.matcher(name);
    return parts.matches()
        ? Optional.of(
            new Month(
                YearMonth.of(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)))))
        : Optional.empty();
  }

  String partition() {
    return "usage_event_%04d_%02d".formatted(month.getYear(), month.getMonthValue());
  }

  Instant start() {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  Month next() {
    return new Month(month.plusMonths(1));
  }

  UUID firstId() {
    return UsageId.floor(start());
  }

  @Override
  public int compareTo(Month other) {
    return month.compareTo(other.month);
  }
}

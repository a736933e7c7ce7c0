package io.llmaccounting.testkit;

import io.llmaccounting.backend.NameBound;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names that rollups would tell apart, if there were any. Guarded by the storage's lock. */
final class InMemoryNames {
  static final List<Dimension> TOLD =
      List.of(
          Dimension.PROJECT, Dimension.MODEL, Dimension.USER, Dimension.CALLER, Dimension.PROVIDER);

  private final Map<Day, Set<String>> own = new HashMap<>();
  private final Set<Day> full = new HashSet<>();
  private long most = 100_000;

  private record Day(Instant start, Dimension dimension) {}

  private static Day day(Instant at, Dimension dimension) {
    return new Day(at.truncatedTo(ChronoUnit.DAYS), dimension);
  }

  /** Takes the names of a new record. */
  void meet(Usage usage) {
    for (Dimension dimension : TOLD) {
      String name = dimension.of(usage);
      Day day = day(usage.occurredAt(), dimension);
      if (name != null && !full.contains(day)) {
        own.computeIfAbsent(day, first -> new HashSet<>()).add(name);
      }
    }
  }

  /** The dimensions in which a record that is new would have no row of its own. */
  Set<Dimension> others(Usage usage) {
    Set<Dimension> others = new HashSet<>();
    for (Dimension dimension : TOLD) {
      if (ReportRow.OTHERS.equals(value(dimension, usage))) {
        others.add(dimension);
      }
    }
    return others;
  }

  /** A transaction ended: days with enough names are full. */
  void fill() {
    own.forEach(
        (day, names) -> {
          if (names.size() >= most) {
            full.add(day);
          }
        });
  }

  private boolean isFolded(Day day, String name) {
    return full.contains(day) && !own.getOrDefault(day, Set.of()).contains(name);
  }

  /** What rollups call the value of {@code usage} in one of their dimensions. */
  @Nullable String value(Dimension dimension, Usage usage) {
    String name = dimension.of(usage);
    return name != null && isFolded(day(usage.occurredAt(), dimension), name)
        ? ReportRow.OTHERS
        : name;
  }

  /** True if rollups know enough for the query. */
  static boolean canAnswer(ReportQuery query) {
    Set<Dimension> asked = new HashSet<>(query.by());
    asked.addAll(query.filter().matches().keySet());
    return !query.distribution() && query.filter().priced() == null && TOLD.containsAll(asked);
  }

  /** True if the query asks for names that rollups of this day do not tell apart. */
  boolean needsRecords(ReportQuery query, Instant at, Instant completeFrom) {
    Instant start = at.truncatedTo(ChronoUnit.DAYS);
    return !start.isBefore(completeFrom)
        && query.filter().matches().entrySet().stream()
            .anyMatch(entry -> mayBeFolded(new Day(start, entry.getKey()), entry.getValue()));
  }

  private boolean mayBeFolded(Day day, Match match) {
    String value = match.value();
    return full.contains(day)
        && value != null
        && (match.kind() == Match.Kind.PREFIX
            || (!value.equals(ReportRow.OTHERS) && isFolded(day, value)));
  }

  /** True if rollups call {@code usage} what the query's filter asks for. */
  boolean test(ReportQuery query, Usage usage) {
    return query.filter().matches().entrySet().stream()
        .allMatch(entry -> entry.getValue().matches(value(entry.getKey(), usage)));
  }

  /** Takes the names of all records from an instant on anew, oldest first. */
  void rebuild(Collection<RecordedUsage> records, Instant completeFrom) {
    own.keySet().removeIf(day -> !day.start().isBefore(completeFrom));
    full.removeIf(day -> !day.start().isBefore(completeFrom));
    for (RecordedUsage record : records) {
      for (Dimension dimension : TOLD) {
        String name = dimension.of(record.usage());
        Day day = day(record.usage().occurredAt(), dimension);
        Set<String> names = own.computeIfAbsent(day, first -> new HashSet<>());
        if (name == null || day.start().isBefore(completeFrom) || names.contains(name)) {
          continue;
        }
        if (names.size() < most) {
          names.add(name);
        } else {
          full.add(day);
        }
      }
    }
  }

  /** Forgets the days that end before an instant. */
  void removeBefore(Instant before) {
    Instant last = before.minus(Duration.ofDays(1));
    own.keySet().removeIf(day -> !day.start().isAfter(last));
    full.removeIf(day -> !day.start().isAfter(last));
  }

  /** Forgets a user. */
  void forgetUser(String name) {
    own.forEach(
        (day, names) -> {
          if (day.dimension().equals(Dimension.USER)) {
            names.remove(name);
          }
        });
  }

  /** The bound as its users see and change it. */
  record Bound(InMemoryStorage storage, FaultSwitch faults) implements NameBound {
    @Override
    public long most() {
      return faults.enter(() -> storage.names.most);
    }

    @Override
    public void change(long most) {
      if (most < 1) {
        throw new IllegalArgumentException("names per day must be at least 1, was " + most);
      }
      faults.enter(() -> storage.names.most = most);
    }
  }
}

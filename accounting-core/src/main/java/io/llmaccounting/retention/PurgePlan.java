package io.llmaccounting.retention;

import io.llmaccounting.backend.Retention.Leftover;
import io.llmaccounting.usage.UsageFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Says what to remove, and how. Confined to one thread. */
final class PurgePlan {
  static final Duration EDGE = Duration.ofMinutes(15);
  private static final Duration DAY = Duration.ofDays(1);

  final Map<Leftover, Instant> leftovers = new EnumMap<>(Leftover.class);
  @Nullable Instant usageBefore;
  @Nullable Instant auditBefore;
  UsageFilter filter = UsageFilter.all();
  boolean evenIfCounted;
  int batch = 2_000;
  @Nullable Consumer<PurgeProgress> progress;

  /** Usage before the last edge of a quarter hour at or before this instant. */
  void usageBefore(Instant before) {
    usageBefore = floor(before, EDGE);
  }

  void leftover(Leftover what, Instant before) {
    leftovers.put(what, what == Leftover.ROLLUPS ? floor(before, DAY) : before);
  }

  /**
   * Returns the instant, or the horizon where that is earlier, because what lies after the horizon
   * is still needed.
   */
  static Instant behind(Instant horizon, Leftover what, Instant before) {
    if (what != Leftover.KEYS && what != Leftover.ROLLUPS) {
      return before;
    }
    Instant least = before.isBefore(horizon) ? before : horizon;
    return what == Leftover.ROLLUPS ? floor(least, DAY) : least;
  }

  private static Instant floor(Instant instant, Duration step) {
    long seconds = step.toSeconds();
    // no usage is from before 1970
    return Instant.ofEpochSecond(Math.max(0, instant.getEpochSecond()) / seconds * seconds);
  }

  static PurgeKind kind(Leftover what) {
    return switch (what) {
      case KEYS -> PurgeKind.KEYS;
      case ROLLUPS -> PurgeKind.ROLLUPS;
      case DENIALS -> PurgeKind.DENIALS;
      case DELIVERED_ALERTS -> PurgeKind.ALERTS;
      case IDLE_COUNTERS ->
          throw new IllegalArgumentException("removing idle counters changes no answer: not told");
    };
  }
}

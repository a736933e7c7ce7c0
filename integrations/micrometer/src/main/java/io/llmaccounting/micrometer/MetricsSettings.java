package io.llmaccounting.micrometer;

import io.llmaccounting.usage.Dimension;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * What tells series apart, and how many there may be. Immutable.
 *
 * @param tags what calls are told apart by, of model, provider, project, caller and user; each
 *     value makes series of its own, so that users are for those who know how many there are
 * @param mostSeries how many combinations of values one kind of meter tells apart, 1 to 100,000;
 *     what comes above it is counted with every value {@code other}
 * @param durations whether durations of calls are measured, by the same tags
 */
public record MetricsSettings(Set<Dimension.Kind> tags, int mostSeries, boolean durations) {
  private static final Set<Dimension.Kind> ALLOWED =
      EnumSet.of(
          Dimension.Kind.MODEL,
          Dimension.Kind.PROVIDER,
          Dimension.Kind.PROJECT,
          Dimension.Kind.CALLER,
          Dimension.Kind.USER);
  private static final int DEFAULT_SERIES = 1_000;
  private static final int MOST_SERIES = 100_000;

  /** Checks the tags and the number. */
  public MetricsSettings {
    tags = Set.copyOf(Objects.requireNonNull(tags, "tags is required, was null"));
    for (Dimension.Kind tag : tags) {
      if (!ALLOWED.contains(tag)) {
        throw new IllegalArgumentException("tags must be of %s, had %s".formatted(ALLOWED, tag));
      }
    }
    if (mostSeries < 1 || mostSeries > MOST_SERIES) {
      throw new IllegalArgumentException(
          "mostSeries must be from 1 to %d, was %d".formatted(MOST_SERIES, mostSeries));
    }
  }

  /** By model and provider, at most 1,000 combinations, with durations. */
  public static MetricsSettings defaults() {
    return new MetricsSettings(
        Set.of(Dimension.Kind.MODEL, Dimension.Kind.PROVIDER), DEFAULT_SERIES, true);
  }

  /** Returns a copy that tells calls apart by exactly these. */
  public MetricsSettings by(Dimension.Kind... tags) {
    return new MetricsSettings(Set.of(tags), mostSeries, durations);
  }

  /** Returns a copy with this bound on combinations. */
  public MetricsSettings mostSeries(int most) {
    return new MetricsSettings(tags, most, durations);
  }

  /** Returns a copy that measures no durations. */
  public MetricsSettings withoutDurations() {
    return new MetricsSettings(tags, mostSeries, false);
  }
}

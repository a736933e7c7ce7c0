package io.llmaccounting.cli.command;

import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say which calls are meant. */
public final class Narrowed {
  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Calls made at or after this time, such as 2026-03-01.")
  @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Calls made before this time.")
  @Nullable String to;

  @Mixin Matching matching = new Matching();

  @Option(
      names = "--absent",
      paramLabel = "DIMENSION",
      description = "Only calls without a value, such as user or tag:KEY; may be repeated.")
  List<String> absent = new ArrayList<>();

  /** True if a period was given. */
  public boolean hasPeriod() {
    return from != null || to != null;
  }

  /** The period; all time where none was given. */
  public TimeRange period(ZoneId zone) {
    Instant start = from == null ? TimeRange.always().from() : Times.parse("--from", from, zone);
    Instant end = to == null ? TimeRange.always().to() : Times.parse("--to", to, zone);
    if (!start.isBefore(end)) {
      throw new IllegalArgumentException(
          "--from must be before --to, were %s and %s".formatted(start, end));
    }
    return new TimeRange(start, end);
  }

  /** Selects the calls that are meant; all where nothing was given. */
  public UsageFilter filter() {
    UsageFilter filter = matching.into(UsageFilter.all());
    for (String word : absent) {
      Dimension dimension = Dimensions.parse("--absent", word);
      if (filter.matches().containsKey(dimension)) {
        throw new IllegalArgumentException(
            "--absent must name a dimension that is not asked for otherwise, was " + word);
      }
      filter = filter.with(dimension, Match.absent());
    }
    return filter;
  }
}

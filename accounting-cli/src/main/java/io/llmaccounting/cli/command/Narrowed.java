package io.llmaccounting.cli.command;

import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.Period;
import io.llmaccounting.usage.UsageFilter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--model",
      paramLabel = "VALUE",
      description =
          "Calls of this model; with * at the end, as for the others, of all that begin so.")
  @Nullable String model;

  @Option(names = "--provider", paramLabel = "VALUE", description = "Calls to this provider.")
  @Nullable String provider;

  @Option(names = "--project", paramLabel = "VALUE", description = "Calls of this project.")
  @Nullable String project;

  @Option(names = "--user", paramLabel = "VALUE", description = "Calls of this user.")
  @Nullable String user;

  @Option(
      names = "--caller",
      paramLabel = "VALUE",
      description = "Calls of this application or feature.")
  @Nullable String caller;

  @Option(names = "--session", paramLabel = "VALUE", description = "Calls of this session.")
  @Nullable String session;

  @Option(
      names = "--tag",
      paramLabel = "KEY=VALUE",
      description = "Calls with this tag; may be repeated.")
  Map<String, String> tags = new LinkedHashMap<>();

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
  public Period period(ZoneId zone) {
    Instant start = from == null ? Period.always().from() : Times.parse("--from", from, zone);
    Instant end = to == null ? Period.always().to() : Times.parse("--to", to, zone);
    if (!start.isBefore(end)) {
      throw new IllegalArgumentException(
          "--from must be before --to, were %s and %s".formatted(start, end));
    }
    return new Period(start, end);
  }

  /** Which calls; all where nothing was given. */
  public UsageFilter filter() {
    UsageFilter filter = UsageFilter.all();
    filter = with(filter, Dimension.MODEL, model);
    filter = with(filter, Dimension.PROVIDER, provider);
    filter = with(filter, Dimension.PROJECT, project);
    filter = with(filter, Dimension.USER, user);
    filter = with(filter, Dimension.CALLER, caller);
    filter = with(filter, Dimension.SESSION, session);
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      filter = with(filter, Dimension.tag(tag.getKey()), tag.getValue());
    }
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

  private static UsageFilter with(UsageFilter filter, Dimension by, @Nullable String value) {
    if (value == null) {
      return filter;
    }
    boolean prefix = value.length() > 1 && value.endsWith("*");
    return filter.with(
        by, prefix ? Match.prefix(value.substring(0, value.length() - 1)) : Match.is(value));
  }
}

package io.llmaccounting.cli.retention;

import io.llmaccounting.cli.command.Who;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.UsageFilter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that choose calls. */
final class Chosen {
  @Option(names = "--model", paramLabel = "NAME", description = "The model that was asked for.")
  @Nullable String model;

  @Option(names = "--provider", paramLabel = "NAME", description = "The provider.")
  @Nullable String provider;

  @Mixin Who who = new Who();

  UsageFilter filter() {
    Attribution of = who.attribution();
    UsageFilter filter = is(UsageFilter.all(), Dimension.MODEL, model);
    filter = is(filter, Dimension.PROVIDER, provider);
    filter = is(filter, Dimension.PROJECT, of.project());
    filter = is(filter, Dimension.USER, of.user());
    filter = is(filter, Dimension.CALLER, of.caller());
    filter = is(filter, Dimension.SESSION, of.session());
    for (Map.Entry<String, String> tag : of.tags().entrySet()) {
      filter = filter.tag(tag.getKey(), tag.getValue());
    }
    return filter;
  }

  private static UsageFilter is(UsageFilter filter, Dimension dimension, @Nullable String value) {
    return value == null ? filter : filter.with(dimension, Match.is(value));
  }
}

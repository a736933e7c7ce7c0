package io.llmaccounting.cli.command;

import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.UsageFilter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that name values of calls; one with a * at its end stands for all that begin so. */
public final class Matching {
  @Option(
      names = "--model",
      paramLabel = "VALUE",
      description = "Calls of this model; with * at the end, of all that begin so.")
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

  /** Hands over what was given, each dimension once. */
  public void forEach(BiConsumer<Dimension, Match> to) {
    match(to, Dimension.MODEL, model);
    match(to, Dimension.PROVIDER, provider);
    match(to, Dimension.PROJECT, project);
    match(to, Dimension.USER, user);
    match(to, Dimension.CALLER, caller);
    match(to, Dimension.SESSION, session);
    tags.forEach((key, value) -> match(to, Dimension.tag(key), value));
  }

  private static void match(
      BiConsumer<Dimension, Match> to, Dimension dimension, @Nullable String value) {
    if (value != null) {
      boolean prefix = value.length() > 1 && value.endsWith("*");
      to.accept(
          dimension,
          prefix ? Match.prefix(value.substring(0, value.length() - 1)) : Match.is(value));
    }
  }

  /** {@code filter}, narrowed to what was given. */
  UsageFilter into(UsageFilter filter) {
    UsageFilter[] narrowed = {filter};
    forEach((dimension, match) -> narrowed[0] = narrowed[0].with(dimension, match));
    return narrowed[0];
  }
}

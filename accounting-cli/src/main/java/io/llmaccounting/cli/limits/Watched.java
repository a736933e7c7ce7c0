package io.llmaccounting.cli.limits;

import io.llmaccounting.limit.LimitBuilder;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which calls a limit watches. */
final class Watched {
  private static final String TAG = "tag:";

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

  @Option(
      names = "--each",
      paramLabel = "DIMENSION",
      description =
          "A counter of its own for every value: model, provider, project, user, caller, session or"
              + " tag:KEY; may be repeated.")
  List<String> each = new ArrayList<>();

  @Option(
      names = "--absent",
      paramLabel = "DIMENSION",
      description = "Only calls without a value; dimensions as above.")
  List<String> absent = new ArrayList<>();

  /** Gives {@code limit} what was asked for. */
  void into(LimitBuilder limit) {
    Set<Dimension> taken = new HashSet<>();
    value(limit, taken, Dimension.MODEL, model);
    value(limit, taken, Dimension.PROVIDER, provider);
    value(limit, taken, Dimension.PROJECT, project);
    value(limit, taken, Dimension.USER, user);
    value(limit, taken, Dimension.CALLER, caller);
    value(limit, taken, Dimension.SESSION, session);
    tags.forEach((key, value) -> value(limit, taken, Dimension.tag(key), value));
    each.forEach(word -> limit.where(free(taken, dimension("--each", word)), Match.each()));
    absent.forEach(word -> limit.where(free(taken, dimension("--absent", word)), Match.absent()));
  }

  private static void value(
      LimitBuilder limit, Set<Dimension> taken, Dimension dimension, @Nullable String value) {
    if (value == null) {
      return;
    }
    boolean prefix = value.length() > 1 && value.endsWith("*");
    limit.where(
        free(taken, dimension),
        prefix ? Match.prefix(value.substring(0, value.length() - 1)) : Match.is(value));
  }

  private static Dimension free(Set<Dimension> taken, Dimension dimension) {
    if (!taken.add(dimension)) {
      throw new IllegalArgumentException(
          "what a limit watches must be said once for each dimension, was said twice for "
              + dimension);
    }
    return dimension;
  }

  private static Dimension dimension(String option, String word) {
    return switch (word) {
      case "model" -> Dimension.MODEL;
      case "provider" -> Dimension.PROVIDER;
      case "project" -> Dimension.PROJECT;
      case "user" -> Dimension.USER;
      case "caller" -> Dimension.CALLER;
      case "session" -> Dimension.SESSION;
      default -> {
        if (word.startsWith(TAG) && word.length() > TAG.length()) {
          yield Dimension.tag(word.substring(TAG.length()));
        }
        throw new IllegalArgumentException(
            option
                + " must be model, provider, project, user, caller, session or tag:KEY, was \""
                + word
                + "\"");
      }
    };
  }
}

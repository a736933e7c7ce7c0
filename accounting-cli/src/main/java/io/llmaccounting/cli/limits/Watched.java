package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.command.Matching;
import io.llmaccounting.limit.LimitBuilder;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say which calls a limit watches. */
final class Watched {
  private static final String TAG = "tag:";

  @Mixin Matching matching = new Matching();

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
      description = "Only calls without a value, such as user or tag:KEY; may be repeated.")
  List<String> absent = new ArrayList<>();

  /** Gives {@code limit} what was asked for. */
  void into(LimitBuilder limit) {
    Set<Dimension> taken = new HashSet<>();
    matching.forEach((dimension, match) -> limit.where(free(taken, dimension), match));
    each.forEach(word -> limit.where(free(taken, dimension("--each", word)), Match.each()));
    absent.forEach(word -> limit.where(free(taken, dimension("--absent", word)), Match.absent()));
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

package io.llmaccounting.cli;

import io.llmaccounting.cli.console.PlainWords;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/** Speaks of a value by the option it was given with, where a message has the library's name. */
final class OptionNames {
  private static final Pattern FIRST_WORD =
      Pattern.compile("^([a-z]+(?:[A-Z][a-z0-9]*)*)(?= must | is required)");
  private static final Map<String, String> OTHERS =
      Map.of(
          "occurredAt", "--at",
          "key", "--id",
          "cacheRead", "--cache-read-tokens",
          "cacheWrite", "--cache-write-tokens",
          "cacheWrite5m", "--cache-write-tokens",
          "cacheWrite1h", "--cache-write-1h-tokens",
          "reasoning", "--reasoning-tokens",
          "reportedTotal", "--total-tokens",
          "holdFor", "--ttl");

  private OptionNames() {}

  /**
   * Returns {@code message} with the names of options in place of fields, where the command has
   * such options.
   */
  static String in(String message, CommandSpec command) {
    Matcher word = FIRST_WORD.matcher(message);
    String first = word.find() ? name(word.group(1), command) : "";
    String rest = first.isEmpty() ? message : message.substring(word.end());
    return first + PlainWords.in(rest, field -> name(field, command));
  }

  private static String name(String field, CommandSpec command) {
    String words = PlainWords.words(field);
    String option = OTHERS.getOrDefault(field, "--" + words.replace(' ', '-'));
    return command.findOption(option) == null ? words : option;
  }
}

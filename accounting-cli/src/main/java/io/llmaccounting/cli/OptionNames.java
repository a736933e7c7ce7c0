package io.llmaccounting.cli;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/** Speaks of a value by the option it was given with, where a message has the library's name. */
final class OptionNames {
  private static final Pattern FIRST_WORD =
      Pattern.compile("^([a-z]+(?:[A-Z][a-z0-9]*)*)(?= must | is required)");
  private static final Map<String, String> OTHERS = Map.of("occurredAt", "--at", "key", "--id");

  private OptionNames() {}

  /** {@code message}, with the option's name in place of the field's where the command has one. */
  static String in(String message, CommandSpec command) {
    Matcher word = FIRST_WORD.matcher(message);
    if (!word.find()) {
      return message;
    }
    String field = word.group(1);
    String words = field.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    String option = OTHERS.getOrDefault(field, "--" + words);
    String shown = command.findOption(option) == null ? words.replace('-', ' ') : option;
    return shown + message.substring(word.end());
  }
}

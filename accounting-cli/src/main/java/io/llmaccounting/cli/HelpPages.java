package io.llmaccounting.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Help of a command: its own options first, in the order in which they matter, then examples, then
 * the options that every command knows.
 */
final class HelpPages {
  private static final String GLOBAL = "%nOptions of every command:%n";
  private static final String EXAMPLES = "%nExamples:%n";
  private static final int WIDEST = 100;
  private static final int NARROWEST = 60;

  private final Map<String, List<String>> groups;

  /**
   * @param groups the names of commands by what they are for, in their order
   */
  HelpPages(Map<String, List<String>> groups) {
    this.groups = groups;
  }

  /** Arranges the help of {@code command} and those below it for {@code columns} of a terminal. */
  void arrange(CommandLine command, int columns) {
    UsageMessageSpec usage = command.getCommandSpec().usageMessage();
    usage.abbreviateSynopsis(true).sortOptions(false);
    usage.width(Math.max(NARROWEST, Math.min(WIDEST, columns)));
    Map<String, CommandLine.IHelpSectionRenderer> sections = command.getHelpSectionMap();
    sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpPages::options);
    sections.put(UsageMessageSpec.SECTION_KEY_FOOTER, help -> "");
    if (command.getParent() == null) {
      sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, this::commands);
      sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
    }
    command.setHelpSectionKeys(commandsFirst(command));
    command.getSubcommands().values().forEach(sub -> arrange(sub, columns));
  }

  // The commands come before the options, because what there is to do matters more than how.
  private static List<String> commandsFirst(CommandLine command) {
    List<String> moved =
        List.of(
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST);
    List<String> keys = new ArrayList<>(command.getHelpSectionKeys());
    keys.removeAll(moved);
    keys.addAll(keys.indexOf(UsageMessageSpec.SECTION_KEY_PARAMETER_LIST_HEADING), moved);
    return keys;
  }

  /** Writes what the tool can do, for somebody who typed nothing but its name. */
  String overview(CommandLine root) {
    Help help = root.getHelp();
    return help.synopsisHeading()
        + help.synopsis(help.synopsisHeadingLength())
        + help.description()
        + commands(help)
        + "%nMore about one: %s help COMMAND; options of all: %s --help%n"
            .formatted(root.getCommandName(), root.getCommandName());
  }

  private String commands(Help help) {
    StringBuilder text = new StringBuilder();
    groups.forEach(
        (heading, names) -> {
          Map<String, Help> some = new LinkedHashMap<>();
          names.forEach(name -> some.put(name, help.subcommands().get(name)));
          some.values().removeIf(Objects::isNull);
          if (!some.isEmpty()) {
            text.append("%n%s:%n".formatted(heading)).append(help.commandList(some));
          }
        });
    return text.toString();
  }

  private static String options(Help help) {
    String own = help.optionListExcludingGroups(some(help, false)) + examples(help);
    List<OptionSpec> global = some(help, true);
    return global.isEmpty()
        ? own
        : own + GLOBAL.formatted() + help.optionListExcludingGroups(global);
  }

  private static List<OptionSpec> some(Help help, boolean inherited) {
    return help.commandSpec().options().stream()
        .filter(option -> option.inherited() == inherited)
        .toList();
  }

  private static String examples(Help help) {
    StringBuilder text = new StringBuilder();
    for (String example : examples(help.commandSpec())) {
      text.append("  ").append(example).append(System.lineSeparator());
    }
    return text.isEmpty() ? "" : EXAMPLES.formatted() + text;
  }

  /** Examples of a command, each a line that can be typed; of a group the first of each. */
  static List<String> examples(CommandSpec command) {
    List<String> own = List.of(command.usageMessage().footer());
    if (!own.isEmpty() || command.subcommands().isEmpty()) {
      return own;
    }
    Set<String> first = new LinkedHashSet<>();
    command
        .subcommands()
        .values()
        .forEach(sub -> examples(sub.getCommandSpec()).stream().limit(1).forEach(first::add));
    return List.copyOf(first);
  }
}

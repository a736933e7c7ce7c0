package io.llmaccounting.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Help of a command: its own options first, those that every command knows in a section below. */
final class HelpPages {
  private static final String GLOBAL = "%nOptions of every command:%n";

  private HelpPages() {}

  static void arrange(CommandLine command) {
    command.getCommandSpec().usageMessage().abbreviateSynopsis(true);
    command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpPages::options);
    command.getSubcommands().values().forEach(HelpPages::arrange);
  }

  private static String options(Help help) {
    String own = help.optionListExcludingGroups(some(help, false)) + help.optionListGroupSections();
    List<OptionSpec> global = some(help, true);
    return global.isEmpty()
        ? own
        : own + GLOBAL.formatted() + help.optionListExcludingGroups(global);
  }

  private static List<OptionSpec> some(Help help, boolean inherited) {
    return help.commandSpec().options().stream()
        .filter(option -> option.group() == null && option.inherited() == inherited)
        .toList();
  }
}

package io.llmaccounting.cli;

import io.llmaccounting.cli.command.Application;
import io.llmaccounting.cli.command.CallDefaults;
import io.llmaccounting.cli.command.Globals;
import io.llmaccounting.cli.console.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command that all others are part of. */
@Command(
    name = Root.NAME,
    description = "Records what calls of language models use and cost, and asks whether they may.",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed, or part of it did",
      "2:wrong usage; nothing was done",
      "3:a limit has no room for the call"
    },
    footer = {
      "llm-accounting --db usage.db track --model gpt-5-mini --input-tokens 900 --output-tokens"
          + " 120",
      "llm-accounting --db usage.db stats --period this-month --by project",
      "llm-accounting --db usage.db limits set month --max 500 --metric cost --calendar \"1 month\""
    })
final class Root implements Application {
  static final String NAME = "llm-accounting";

  private final Console console;

  @Mixin private final Globals globals = new Globals();
  @Mixin private final CallDefaults defaults = new CallDefaults();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Say how it is used, and do nothing.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Say which version this is.")
  boolean version;

  Root(Console console) {
    this.console = console;
  }

  @Override
  public Console console() {
    return console;
  }

  @Override
  public Globals globals() {
    return globals;
  }

  @Override
  public CallDefaults defaults() {
    return defaults;
  }
}

package io.llmaccounting.server.command;

import io.llmaccounting.cli.Surface;
import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.console.Tone;
import io.llmaccounting.server.process.DatabaseStores;
import io.llmaccounting.testkit.ManualClock;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The reference of the server's commands, written from the commands themselves. */
final class ServerReference {
  private static final String TOP =
      """
      # Commands of the server

      <!-- Written by ServerReferenceTest; do not edit. -->

      `java -jar llm-accounting-server.jar [OPTIONS] [COMMAND] [OPTIONS]`; without a command it runs. Formats, exit codes
      and what goes where are those of the [command line](command-line.md#what-is-printed), and so is `LLM_ACCOUNTING_TRACE`.
      [Keys and projects](server-access.md), [all settings](server-settings.md).

      """;

  private static final String TOP_OF_ACCESS =
      """
      # Commands of the server for keys and projects

      <!-- Written by ServerReferenceTest; do not edit. -->

      The options of every command and all other commands are on [another page](server-commands.md).

      """;
  private static final List<String> OF_ACCESS = List.of("keys", "projects");

  private ServerReference() {}

  /** The whole model, in surroundings that nothing is printed to. */
  static CommandLine model() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Console console =
        new Console(
            InputStream.nullInputStream(),
            nowhere,
            nowhere,
            Map.of(),
            Path.of(""),
            Console.Terminal.NONE,
            ManualClock.create(),
            null);
    ServerTool tool =
        new ServerTool(
            console,
            new DatabaseStores(),
            parts -> {
              throw new IllegalStateException("nothing is started here");
            });
    return new Surface(console, Map.of()).configured(tool.model(), Tone.Choice.NEVER);
  }

  /** The text of each page by its name below {@code docs/reference}. */
  static Map<String, String> pages() {
    StringBuilder main = new StringBuilder(TOP);
    StringBuilder access = new StringBuilder(TOP_OF_ACCESS);
    CommandLine root = model();
    root.getSubcommands()
        .forEach(
            (name, command) -> describe(OF_ACCESS.contains(name) ? access : main, command, "##"));
    main.append("## Options of every command\n");
    arguments(main, root.getCommandSpec().options());
    return Map.of("server-commands.md", main.toString(), "server-access.md", access.toString());
  }

  private static void describe(StringBuilder text, CommandLine command, String heading) {
    String name = command.getCommandSpec().qualifiedName().substring(ServerRoot.NAME.length() + 1);
    text.append(heading).append(' ').append(name).append("\n\n");
    for (String line : command.getCommandSpec().usageMessage().description()) {
      text.append(line).append('\n');
    }
    if (command.getSubcommands().isEmpty()) {
      arguments(text, command.getCommandSpec().positionalParameters());
      arguments(
          text,
          command.getCommandSpec().options().stream().filter(one -> !one.inherited()).toList());
      text.append("\n```\n");
      for (String example : command.getCommandSpec().usageMessage().footer()) {
        text.append(example).append('\n');
      }
      text.append("```\n");
    }
    text.append('\n');
    command.getSubcommands().values().forEach(sub -> describe(text, sub, heading + "#"));
  }

  private static void arguments(StringBuilder text, List<? extends ArgSpec> arguments) {
    if (arguments.isEmpty()) {
      return;
    }
    text.append('\n');
    for (ArgSpec argument : arguments) {
      text.append(
          "- `%s`: %s%n".formatted(name(argument), String.join(" ", argument.description())));
    }
  }

  private static String name(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return argument.paramLabel();
    }
    String names = String.join(", ", option.names());
    return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
  }
}

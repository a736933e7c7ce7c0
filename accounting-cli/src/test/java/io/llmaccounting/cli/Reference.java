package io.llmaccounting.cli;

import io.llmaccounting.cli.console.Console;
import io.llmaccounting.testkit.ManualClock;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The reference pages, written from the commands themselves. */
public final class Reference {
  private static final String MADE = "<!-- Written by ReferenceTest; do not edit. -->\n\n";

  private Reference() {}

  /** The folder of the documentation. */
  public static Path docs() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("accounting-api"))) {
      folder = folder.getParent();
    }
    return folder.resolve("docs");
  }

  /** The whole model, in surroundings that nothing is printed to. */
  static CommandLine model() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return Tool.all(
        new Console(
            InputStream.nullInputStream(),
            nowhere,
            nowhere,
            Map.of(),
            Path.of(""),
            Console.Terminal.NONE,
            ManualClock.create(),
            null));
  }

  /** The names of all commands that do something, with those of their groups. */
  public static List<String> commands() {
    return leaves(model())
        .map(line -> line.getCommandSpec().qualifiedName().substring(Root.NAME.length() + 1))
        .toList();
  }

  private static Stream<CommandLine> leaves(CommandLine command) {
    return command.getSubcommands().isEmpty()
        ? Stream.of(command)
        : command.getSubcommands().values().stream().flatMap(Reference::leaves);
  }

  /** The text of each page by its name below {@code docs/reference}. */
  static Map<String, String> pages() {
    Map<String, String> pages = new TreeMap<>();
    CommandLine root = model();
    pages.put("command-line.md", index(root));
    root.getSubcommands()
        .forEach((name, command) -> pages.put("commands/" + name + ".md", page(command)));
    return pages;
  }

  private static String index(CommandLine root) {
    StringBuilder text = new StringBuilder("# Command line\n\n").append(MADE);
    text.append("`java -jar llm-accounting.jar [OPTIONS] COMMAND [OPTIONS]`\n\n");
    text.append("Options stand before the command or behind it, except the defaults for calls");
    text.append(" (`--project`,\n`--user`, `--caller`), which stand before it; behind it they");
    text.append(" belong to the command.\n\n## Commands\n\n| command | |\n| --- | --- |\n");
    root.getSubcommands()
        .forEach(
            (name, command) ->
                text.append(
                    "| [`%s`](commands/%s.md) | %s |%n".formatted(name, name, first(command))));
    text.append("\n## Options of every command\n\n");
    options(text, root.getCommandSpec().options());
    text.append("\n").append(FIXED);
    text.append(
        "\n"
            + "## Names of the predecessor\n\n"
            + "Still understood everywhere:\n\n"
            + "| then | now |\n"
            + "| --- | --- |\n");
    new TreeMap<>(Aliases.NOW)
        .forEach((then, now) -> text.append("| `%s` | `%s` |%n".formatted(then, now)));
    return text.toString();
  }

  private static final String FIXED =
      """
      ## Environment

      | variable | |
      | --- | --- |
      | `LLM_ACCOUNTING_DB` | the database, where `--db` is not given |
      | `LLM_ACCOUNTING_DB_USER` | the role for PostgreSQL |
      | `LLM_ACCOUNTING_DB_PASSWORD`, `LLM_ACCOUNTING_DB_PASSWORD_FILE` | its password, or a file that holds it |
      | `LLM_ACCOUNTING_DB_SCHEMA` | the schema in PostgreSQL |
      | `NO_COLOR` | no colours, unless `--color=always` asks for them |
      | `COLUMNS` | how wide tables may be on a terminal; else the terminal is asked |
      | `LLM_ACCOUNTING_TRACE` | where it is set, an unexpected error shows where it arose |

      ## What is printed

      What was asked for goes to standard output, everything else to standard error.

      - **table**: for people; times in `--zone`, control characters as escapes like `\\n`. Not for programs. On a
        terminal that is too narrow, columns that matter less are left out and texts are cut, and a line says which;
        a file or a pipe (`| less -S`) gets everything. Columns without a single value are left out.
      - **json**: one document in UTF-8, an array with an object a line, or one object where there is one answer.
        Money is a decimal text (`"0.002"`), a duration a number of seconds, a time an instant in UTC, no value
        `null`. Names of fields stay as they are; new ones may come.
      - **csv**: a line of names, then a line a row, quoted as RFC 4180 says, with line feeds; lists and maps as JSON.
        Control characters other than tabs and line breaks are escaped; JSON has everything as it is.
      - what only does something (`release`, `rebuild`, `remove`, `delete`) prints nothing there in any format.
      - with `--quiet`, a table is its first column without a title: `HOLD=$(llm-accounting -q reserve ...)`.

      ## Exit codes

      | code | |
      | --- | --- |
      | 0 | done |
      | 1 | failed, or part of it did; unknown names and ids too |
      | 2 | wrong usage; nothing was done |
      | 3 | a limit has no room for the call |
      """;

  private static String page(CommandLine command) {
    StringBuilder text = new StringBuilder("# " + command.getCommandName() + "\n\n").append(MADE);
    List<CommandLine> all = new ArrayList<>(List.of(command));
    all.addAll(command.getSubcommands().values());
    for (CommandLine one : all) {
      describe(text, one, one != command);
    }
    text.append("\n[All commands, and the options that each of them knows](../command-line.md)\n");
    return text.toString();
  }

  private static String shown(PositionalParamSpec parameter) {
    String label = parameter.paramLabel();
    return parameter.arity().min() == 0 ? "[" + label + "]" : label;
  }

  private static void describe(StringBuilder text, CommandLine command, boolean isPart) {
    if (isPart) {
      text.append("\n## ").append(command.getCommandName()).append("\n\n");
    }
    for (String line : command.getCommandSpec().usageMessage().description()) {
      text.append(plain(line)).append('\n');
    }
    if (command.getSubcommands().isEmpty()) {
      text.append("\n`").append(command.getCommandSpec().qualifiedName());
      command
          .getCommandSpec()
          .positionalParameters()
          .forEach(one -> text.append(' ').append(shown(one)));
      text.append(" [OPTIONS]`\n");
    }
    List<OptionSpec> own =
        command.getCommandSpec().options().stream().filter(one -> !one.inherited()).toList();
    List<PositionalParamSpec> parameters = command.getCommandSpec().positionalParameters();
    if (!parameters.isEmpty() || !own.isEmpty()) {
      text.append("\n| | |\n| --- | --- |\n");
      parameters.forEach(one -> row(text, one.paramLabel(), one));
      own.forEach(one -> row(text, names(one), one));
    }
    if (command.getSubcommands().isEmpty()) {
      text.append("\n```\n");
      HelpPages.examples(command.getCommandSpec())
          .forEach(example -> text.append(example).append('\n'));
      text.append("```\n");
    }
  }

  private static void options(StringBuilder text, List<OptionSpec> options) {
    text.append("| option | |\n| --- | --- |\n");
    options.forEach(one -> row(text, names(one), one));
  }

  private static String names(OptionSpec option) {
    String names = String.join("`, `", option.names());
    return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
  }

  private static void row(StringBuilder text, String name, ArgSpec argument) {
    String required = argument.required() && argument.group() == null ? " Required." : "";
    text.append(
        "| `%s` | %s%s |%n"
            .formatted(
                name.replace("|", "\\|"),
                plain(String.join(" ", argument.description())).replace("|", "\\|"),
                required));
  }

  private static String first(CommandLine command) {
    return plain(command.getCommandSpec().usageMessage().description()[0]);
  }

  // As picocli prints it: a percent sign is written twice.
  private static String plain(String text) {
    return text.replace("%%", "%");
  }
}

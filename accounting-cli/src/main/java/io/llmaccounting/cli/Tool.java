package io.llmaccounting.cli;

import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Tone;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The whole tool: parses what was typed, runs it in the given surroundings, says what failed. */
public final class Tool {
  /** Options before a command's name that are followed by a value. */
  static final Set<String> WITH_VALUE =
      Set.of(
          "--db",
          "--db-user",
          "--db-password-file",
          "--db-schema",
          "--audit-db",
          "--actor",
          "--prices",
          "--format",
          "--color",
          "--zone",
          "--project",
          "--user",
          "--caller");

  private final Console console;
  private final Surface surface;

  /** A tool in these surroundings. */
  public Tool(Console console) {
    this.console = console;
    this.surface = new Surface(console, Commands.groups());
  }

  /** Runs what was typed; returns one of the codes of {@link Exit}. */
  public int run(String... typed) {
    String[] arguments = Surface.asksForHelpLast(WITH_VALUE, Aliases.replaced(typed));
    if (arguments.length == 1 && arguments[0].equals("--version")) {
      console.out().println(Version.text());
      return Exit.DONE;
    }
    CommandLine line = line(arguments);
    int exit = line.execute(arguments);
    console.out().flush();
    return exit;
  }

  private CommandLine line(String[] arguments) {
    CommandLine root = new CommandLine(new Root(console));
    String name = command(arguments);
    if (name == null || !Commands.names().contains(name)) {
      Commands.addAll(root);
    } else {
      Commands.add(root, name);
    }
    return surface.configured(root, Surface.colours(arguments));
  }

  /** All commands, for code that describes them. */
  static CommandLine all(Console console) {
    CommandLine root = new CommandLine(new Root(console));
    Commands.addAll(root);
    return new Tool(console).surface.configured(root, Tone.Choice.AUTO);
  }

  /**
   * The word that stands where a command's name belongs, or null, so that only that command is
   * made: making all of them is slow.
   */
  static @Nullable String command(String... arguments) {
    return Surface.command(WITH_VALUE, arguments);
  }
}

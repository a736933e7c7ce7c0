package io.llmaccounting.cli;

import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Tone;
import io.llmaccounting.json.DurationText;
import io.llmaccounting.usage.Cost;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

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

  private static final Set<String> HELP = Set.of("-h", "--help");

  private final Console console;
  private Tone.Choice colours = Tone.Choice.AUTO;

  /** A tool in these surroundings. */
  public Tool(Console console) {
    this.console = console;
  }

  /** Runs what was typed; returns one of the codes of {@link Exit}. */
  public int run(String... typed) {
    String[] arguments = asksForHelpLast(Aliases.replaced(typed));
    if (arguments.length == 1 && arguments[0].equals("--version")) {
      console.out().println(Version.text());
      return Exit.DONE;
    }
    colours = colours(arguments);
    CommandLine line = line(arguments);
    int exit = line.execute(arguments);
    console.out().flush();
    return exit;
  }

  // Errors in what was typed are coloured too, so colours are decided before the options are read.
  private static Tone.Choice colours(String[] arguments) {
    String typed = " " + String.join(" ", arguments).toLowerCase(Locale.ROOT) + " ";
    if (typed.contains(" --no-color ") || typed.matches(".* --color[= ]never .*")) {
      return Tone.Choice.NEVER;
    }
    return typed.matches(".* --color[= ]always .*") ? Tone.Choice.ALWAYS : Tone.Choice.AUTO;
  }

  private CommandLine line(String[] arguments) {
    CommandLine root = new CommandLine(new Root(console));
    String name = command(arguments);
    if (name == null || !Commands.names().contains(name)) {
      Commands.addAll(root);
    } else {
      Commands.add(root, name);
    }
    return configured(root);
  }

  /** {@code help limits set} and {@code -h limits set} as {@code limits set --help}. */
  private static String[] asksForHelpLast(String[] arguments) {
    int at = commandAt(arguments);
    int asked = at >= 0 && arguments[at].equals("help") ? at : -1;
    for (int i = 0; i < at && asked < 0; i++) {
      asked = HELP.contains(arguments[i]) ? i : -1;
    }
    if (asked < 0) {
      return arguments;
    }
    List<String> words = new ArrayList<>(List.of(arguments));
    words.remove(asked);
    words.add("--help");
    return words.toArray(String[]::new);
  }

  /** All commands, for code that describes them. */
  static CommandLine all(Console console) {
    CommandLine root = new CommandLine(new Root(console));
    Commands.addAll(root);
    return new Tool(console).configured(root);
  }

  /**
   * The word that stands where a command's name belongs, or null, so that only that command is
   * made: making all of them is slow.
   */
  static @Nullable String command(String... arguments) {
    int at = commandAt(arguments);
    return at < 0 ? null : arguments[at];
  }

  private static int commandAt(String... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (WITH_VALUE.contains(arguments[i])) {
        i++;
      } else if (!arguments[i].startsWith("-")) {
        return i;
      }
    }
    return -1;
  }

  private CommandLine configured(CommandLine root) {
    Errors errors = new Errors(console, Tone.isOn(colours, console, console.terminal().err()));
    HelpPages.arrange(root, console.terminal().columns());
    return converting(root)
        .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
        .setOverwrittenOptionsAllowed(false)
        .setExpandAtFiles(false)
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setParameterExceptionHandler(errors::wrongUsage)
        .setExecutionExceptionHandler((error, line, parsed) -> errors.failed(error, line))
        .setExecutionStrategy(Tool::runLast);
  }

  private static CommandLine converting(CommandLine root) {
    EnumWords.read(root);
    converting(root, Duration.class, DurationText::parse);
    converting(root, Cost.class, Converters::cost);
    converting(root, ZoneId.class, Converters::zone);
    converting(root, UUID.class, Converters::id);
    converting(root, BigDecimal.class, Converters::decimal);
    for (Class<Long> type : List.of(Long.class, long.class)) {
      converting(root, type, text -> Converters.whole(text, Long.MIN_VALUE, Long.MAX_VALUE));
    }
    for (Class<Integer> type : List.of(Integer.class, int.class)) {
      converting(
          root, type, text -> (int) Converters.whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
    return root;
  }

  private static <T> void converting(
      CommandLine root, Class<T> type, Function<String, T> converter) {
    root.registerConverter(type, text -> Converters.explained(() -> converter.apply(text)));
  }

  // A group of commands, or none at all, has nothing to run.
  private static int runLast(CommandLine.ParseResult parsed) {
    CommandLine line = parsed.asCommandLineList().get(parsed.asCommandLineList().size() - 1);
    boolean asked = CommandLine.executeHelpRequest(parsed) != null;
    if (!asked && !(line.getCommand() instanceof java.util.concurrent.Callable<?>)) {
      if (line.getParent() == null) {
        line.getErr().print(HelpPages.overview(line));
        line.getErr().flush();
      } else {
        line.usage(line.getErr());
      }
      throw new ParameterException(line, "a command is missing");
    }
    return asked ? Exit.DONE : new CommandLine.RunLast().execute(parsed);
  }
}

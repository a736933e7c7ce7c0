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
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * What all our command lines have in common: how they read values, arrange help, and say what
 * failed.
 */
public final class Surface {
  private static final Set<String> HELP = Set.of("-h", "--help");

  private final Console console;
  private final Map<String, List<String>> groups;

  /**
   * A surface of a tool.
   *
   * @param groups the names of its commands by what they are for, in the order in which help lists
   *     them
   */
  public Surface(Console console, Map<String, List<String>> groups) {
    this.console = console;
    this.groups = groups;
  }

  /**
   * When what is typed wants colours. Errors in it are coloured too, so that this is decided before
   * the options are read.
   */
  public static Tone.Choice colours(String[] arguments) {
    String typed = " " + String.join(" ", arguments).toLowerCase(Locale.ROOT) + " ";
    if (typed.contains(" --no-color ") || typed.matches(".* --color[= ]never .*")) {
      return Tone.Choice.NEVER;
    }
    return typed.matches(".* --color[= ]always .*") ? Tone.Choice.ALWAYS : Tone.Choice.AUTO;
  }

  /**
   * Makes {@code limits set --help} of {@code help limits set} and {@code -h limits set}.
   *
   * @param withValue the options before a command's name that are followed by a value
   */
  public static String[] asksForHelpLast(Set<String> withValue, String... arguments) {
    int at = commandAt(withValue, arguments);
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

  /**
   * The word that stands where a command's name belongs, or null.
   *
   * @param withValue the options before a command's name that are followed by a value
   */
  public static @Nullable String command(Set<String> withValue, String... arguments) {
    int at = commandAt(withValue, arguments);
    return at < 0 ? null : arguments[at];
  }

  private static int commandAt(Set<String> withValue, String... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (withValue.contains(arguments[i])) {
        i++;
      } else if (!arguments[i].startsWith("-")) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Makes {@code root}, which has all of its commands by now, read, answer and fail as it should.
   */
  public CommandLine configured(CommandLine root, Tone.Choice colours) {
    boolean coloured = Tone.isOn(colours, console, console.terminal().err());
    Errors errors = new Errors(console, root.getCommandName(), coloured);
    HelpPages pages = new HelpPages(groups);
    pages.arrange(root, console.terminal().columns());
    return converting(root)
        .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
        .setOverwrittenOptionsAllowed(false)
        .setExpandAtFiles(false)
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setParameterExceptionHandler(errors::wrongUsage)
        .setExecutionExceptionHandler((error, line, parsed) -> errors.failed(error, line))
        .setExecutionStrategy(parsed -> runLast(parsed, pages));
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
  private static int runLast(CommandLine.ParseResult parsed, HelpPages pages) {
    CommandLine line = parsed.asCommandLineList().get(parsed.asCommandLineList().size() - 1);
    boolean asked = CommandLine.executeHelpRequest(parsed) != null;
    if (!asked && !(line.getCommand() instanceof java.util.concurrent.Callable<?>)) {
      if (line.getParent() == null) {
        line.getErr().print(pages.overview(line));
        line.getErr().flush();
      } else {
        line.usage(line.getErr());
      }
      throw new ParameterException(line, "a command is missing");
    }
    return asked ? Exit.DONE : new CommandLine.RunLast().execute(parsed);
  }
}

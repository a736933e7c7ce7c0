package io.llmaccounting.server.command;

import io.llmaccounting.cli.Surface;
import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.server.process.Front;
import io.llmaccounting.server.process.Stores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;

/**
 * The server's application: parses what was typed, runs it in the given surroundings, says what
 * failed.
 */
public final class ServerTool {
  private static final Set<String> WITH_VALUE =
      Set.of(
          "--config",
          "--set",
          "--db",
          "--db-user",
          "--db-password-file",
          "--db-schema",
          "--actor",
          "--format",
          "--color",
          "--zone",
          "--host",
          "--port",
          "--log-format",
          "--log-level");
  private static final Set<String> ABOUT_ITSELF = Set.of("-h", "--help", "-V", "--version");
  private static final Map<String, List<String>> GROUPS = groups();

  private final Console console;
  private final Stores stores;
  private final Front front;

  /**
   * An application in these surroundings.
   *
   * @param stores opens the store
   * @param front what listens when it runs
   */
  public ServerTool(Console console, Stores stores, Front front) {
    this.console = console;
    this.stores = stores;
    this.front = front;
  }

  private static Map<String, List<String>> groups() {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    groups.put("Run it", List.of("run", "check-config", "print-config", "migrate"));
    groups.put("Who may call", List.of("keys", "projects"));
    groups.put("What is called", List.of("upstreams", "rotate-secrets", "chat", "bench"));
    return groups;
  }

  /** Runs what was typed; returns one of the codes of {@link Exit}. */
  public int run(String... typed) {
    String[] arguments = Surface.asksForHelpLast(WITH_VALUE, withCommand(typed));
    if (arguments.length == 1 && (arguments[0].equals("--version") || arguments[0].equals("-V"))) {
      String version = ServerTool.class.getPackage().getImplementationVersion();
      console
          .out()
          .println(ServerRoot.NAME + " " + (version == null ? "(not from a jar)" : version));
      return Exit.DONE;
    }
    int exit =
        new Surface(console, GROUPS)
            .configured(model(), Surface.colours(arguments))
            .execute(arguments);
    console.out().flush();
    return exit;
  }

  // without a command it runs, with whatever options
  private String[] withCommand(String[] typed) {
    boolean aboutItself = Arrays.stream(typed).anyMatch(ABOUT_ITSELF::contains);
    if (aboutItself || hasCommand(typed)) {
      return typed;
    }
    List<String> words = new ArrayList<>(List.of("run"));
    words.addAll(List.of(typed));
    return words.toArray(String[]::new);
  }

  // a word behind an option that there is not is taken for its value, unless it is a command
  private boolean hasCommand(String[] typed) {
    String word = Surface.command(WITH_VALUE, typed);
    int at = Arrays.asList(typed).indexOf(word);
    boolean value =
        at > 0
            && typed[at - 1].startsWith("-")
            && !model().getCommandSpec().optionsMap().containsKey(typed[at - 1]);
    return word != null && (!value || isKnown(word));
  }

  private static boolean isKnown(String word) {
    return word.equals("help") || GROUPS.values().stream().anyMatch(group -> group.contains(word));
  }

  /** All commands. */
  CommandLine model() {
    CommandLine root = new CommandLine(new ServerRoot(console, stores, front));
    root.addSubcommand("run", new RunCommand());
    root.addSubcommand("check-config", new CheckConfig());
    root.addSubcommand("print-config", new PrintConfig());
    root.addSubcommand("migrate", new MigrateStore());
    root.addSubcommand("keys", new KeysCommand());
    root.addSubcommand("projects", new ProjectsCommand());
    root.addSubcommand("upstreams", new UpstreamsCommand());
    root.addSubcommand("rotate-secrets", new RotateSecrets());
    root.addSubcommand("chat", new ChatCommand());
    root.addSubcommand("bench", new BenchCommand());
    return root;
  }
}

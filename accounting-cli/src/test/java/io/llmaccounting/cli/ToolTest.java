package io.llmaccounting.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.Ran;
import io.llmaccounting.cli.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What holds for the tool as a whole. */
class ToolTest extends CommandContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }

  private Ran typed(String... arguments) {
    return bare(InputStream.nullInputStream(), arguments);
  }

  static Stream<CommandLine> commands() {
    return all(Reference.model());
  }

  private static Stream<CommandLine> all(CommandLine command) {
    return Stream.concat(
        Stream.of(command), command.getSubcommands().values().stream().flatMap(ToolTest::all));
  }

  @Test
  void listsAllCommandsInItsHelp() {
    Ran help = typed("--help").exits(Exit.DONE);

    assertThat(help.out()).contains(Commands.names());
    assertThat(help.err()).isEmpty();
  }

  @Test
  void saysItsVersion() {
    assertThat(typed("--version").exits(Exit.DONE).out()).startsWith("llm-accounting ");
    assertThat(typed("-V").exits(Exit.DONE).out()).isEqualTo(typed("--version").out());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelpThatNeedsNoDatabase(CommandLine command) {
    String[] words = command.getCommandSpec().qualifiedName().split(" ");
    String[] arguments = new String[words.length];
    System.arraycopy(words, 1, arguments, 0, words.length - 1);
    arguments[words.length - 1] = "--help";

    Ran help = typed(arguments).exits(Exit.DONE);

    assertThat(help.out()).contains("Usage: " + command.getCommandSpec().qualifiedName());
    assertThat(help.err()).isEmpty();
    assertThat(Files.exists(folder.resolve("usage.db"))).isFalse();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everythingIsDescribed(CommandLine command) {
    assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
    assertThat(command.getCommandSpec().args())
        .allSatisfy(
            argument ->
                assertThat(argument.description())
                    .as("%s of %s", argument, command.getCommandName())
                    .isNotEmpty());
  }

  /** faults E3: nobody reads a list from its beginning. */
  @ParameterizedTest
  @MethodSource("commands")
  void everyTextStandsAlone(CommandLine command) {
    assertThat(command.getCommandSpec().args())
        .allSatisfy(
            argument ->
                assertThat(String.join(" ", argument.description()))
                    .as("%s of %s", argument, command.getCommandName())
                    .doesNotStartWith("The same")
                    .doesNotContain("above", "below"));
  }

  /** faults E3: its own options, then examples, then those of every command. */
  @ParameterizedTest
  @MethodSource("commands")
  void helpShowsEveryOptionAndExamples(CommandLine command) {
    String help = command.getUsageMessage().replace("[no-]", "");

    assertThat(command.getCommandSpec().options())
        .allSatisfy(option -> assertThat(help).contains(option.longestName()));
    List<String> examples = HelpPages.examples(command.getCommandSpec());
    assertThat(examples).isNotEmpty();
    assertThat(help.lines().map(String::strip)).containsSubsequence(examples);
    if (command.getParent() != null) {
      assertThat(help.indexOf("Examples:")).isLessThan(help.indexOf("Options of every command:"));
    }
  }

  @Test
  void knowsWhichOptionsBeforeACommandHaveAValue() {
    Set<String> withValue =
        Reference.model().getCommandSpec().options().stream()
            .filter(option -> option.arity().min() > 0)
            .map(OptionSpec::longestName)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(new TreeSet<>(Tool.WITH_VALUE)).isEqualTo(withValue);
  }

  @Test
  void findsTheCommandAmongTheOptions() {
    assertThat(Tool.command("--project", "track", "-q", "--zone=UTC", "limits", "list"))
        .isEqualTo("limits");
    assertThat(Tool.command("--help")).isNull();
  }

  @Test
  void noAliasIsAlsoAName() {
    Set<String> names =
        commands()
            .flatMap(command -> command.getCommandSpec().options().stream())
            .flatMap(option -> Stream.of(option.names()))
            .collect(Collectors.toSet());

    assertThat(names).doesNotContainAnyElementsOf(Aliases.NOW.keySet());
    assertThat(names).containsAll(Aliases.NOW.values());
  }

  @Test
  void takesGlobalOptionsBeforeAndBehindTheCommand() {
    String db = folder.resolve("usage.db").toString();

    typed("--db", db, "users", "add", "a").exits(Exit.DONE);

    typed("users", "list", "--db=" + db).exits(Exit.DONE);
    typed("users", "list", "--db-file", db).exits(Exit.DONE);
  }

  @Test
  void takesTheDatabaseFromTheEnvironment() {
    environment.put("LLM_ACCOUNTING_DB", folder.resolve("usage.db").toString());

    typed("users", "add", "a").exits(Exit.DONE);

    assertThat(typed("-q", "users", "list").out()).isEqualTo("a" + System.lineSeparator());
  }

  @Test
  void endsWithTwoWhereTheCommandIsWrong() {
    typed().exits(Exit.USAGE).says("a command is missing", "See 'llm-accounting --help'");
    typed("conquer").exits(Exit.USAGE).says("conquer");
    typed("track", "--nonsense")
        .exits(Exit.USAGE)
        .says("--nonsense", "llm-accounting track --help");
    typed("users", "list").exits(Exit.USAGE).says("no database was named", "LLM_ACCOUNTING_DB");
    typed("users", "list", "--db", "jdbc:mysql://h/d?password=secret")
        .exits(Exit.USAGE)
        .says("jdbc:postgresql://");
    typed("users", "list", "--format", "xml").exits(Exit.USAGE).says("xml");
    typed("users", "list", "--zone", "Mars").exits(Exit.USAGE).says("Europe/Berlin", "Mars");
  }

  @Test
  void neverShowsTheOptionsOfAUrl() {
    Ran ran = typed("users", "list", "--db", "jdbc:mysql://h/d?password=secret");

    assertThat(ran.err()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://h:99999/app?user=owner&password=SECRET",
        "jdbc:postgresql://h:1a/app?password=SECRET",
        "jdbc:postgresql://owner:SECRET@h/app",
        "jdbc:postgresql://h/app?user=%zz&password=SECRET",
        "jdbc:postgresql://h?password=SECRET",
        "jdbc:postgresql:owner:SECRET@h",
        "postgresql:owner:SECRET@h",
        "postgresql://owner:SECRET@h/app",
        "postgres:SECRET",
        "owner:SECRET@h/app",
        "jdbc:sqlite:postgresql:owner:SECRET@h",
        "h/app?user=owner&Password=SECRET"
      })
  @DisplayName("faults G5: no password is ever printed, and none becomes the name of a file")
  void refusesWhatIsNoPlaceWithoutShowingIt(String place) throws IOException {
    String[][] commands = {{"migrate"}, {"stats"}, {"select", "SELECT 1"}, {"backup", "copy"}};
    for (String[] command : commands) {
      for (String option : new String[] {"--db", "--audit-db"}) {
        List<String> words = new ArrayList<>(List.of(command));
        if (option.equals("--audit-db")) {
          words =
              new ArrayList<>(List.of("log-event", "e", "--db", folder.resolve("a").toString()));
        }
        words.addAll(List.of(option, place));

        Ran ran = typed(words.toArray(String[]::new)).exits(Exit.USAGE).says(option, "not shown");

        assertThat(ran.out() + ran.err()).doesNotContain("SECRET");
      }
    }
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files).noneMatch(file -> file.toString().contains("SECRET"));
    }
  }

  @Test
  void createsADatabaseOnlyForWhatWritesIntoIt() {
    run("users", "list").exits(Exit.FAILED).says("there is no database", "Check --db");

    assertThat(Files.exists(folder.resolve("usage.db"))).isFalse();
  }

  @Test
  void doesNotTouchAFileOfSomebodyElse() {
    Path letter = write("usage.db", "Dear Sir or Madam, this is no database.");

    Ran ran =
        run("track", "--model", "m").exits(Exit.FAILED).says("no SQLite database", "Check --db");

    assertThat(ran.err()).doesNotContain("migrate");
    assertThat(letter).hasContent("Dear Sir or Madam, this is no database.");
  }

  @Test
  void onlyAnOlderSchemaIsToBeMigrated() throws Exception {
    done("migrate");
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("usage.db"));
        Statement statement = connection.createStatement()) {
      statement.execute(
          "DELETE FROM llm_accounting_schema_history WHERE installed_rank ="
              + " (SELECT max(installed_rank) FROM llm_accounting_schema_history)");
    }

    Ran ran = run("stats").exits(Exit.FAILED).says("is at version", "Run 'llm-accounting migrate'");

    assertThat(ran.err()).doesNotContain("SchemaMode");
  }

  @Test
  void aFolderInPlaceOfADatabaseIsToldAsOne() {
    assertThat(run("stats", "--db", folder.toString()).exits(Exit.FAILED).err())
        .contains("is a folder; choose a file in it", "Check --db")
        .doesNotContain("migrate");
  }

  @Test
  void printsNothingButTheErrorWhereItFails() {
    for (String format : new String[] {"table", "json", "csv"}) {
      assertThat(run("--format", format, "limits", "status").exits(Exit.FAILED).out()).isEmpty();
      assertThat(run("--format", format, "audit", "list").exits(Exit.FAILED).out()).isEmpty();
    }
    done("users", "add", "a");

    assertThat(run("--format", "json", "users", "activate", "x").exits(Exit.FAILED).out())
        .isEmpty();
  }

  /** faults E3: what was meant is found, and global options stand apart. */
  @Test
  void helpsThoseWhoMistypeAndThoseWhoAsk() {
    typed("trakc").exits(Exit.USAGE).says("Did you mean", "track");
    typed("track", "--inputtokens", "5").exits(Exit.USAGE).says("Did you mean", "--input-tokens");
    Ran overview = typed().exits(Exit.USAGE).says("Record and ask:", "See what was used:");
    assertThat(overview.err()).doesNotContain("--db-user").containsSubsequence(Commands.names());
    assertThat(Commands.names()).startsWith("track", "check").endsWith("completion");
    String help = typed("track", "--help").exits(Exit.DONE).out();
    int apart = help.indexOf("Options of every command:");
    assertThat(help.substring(0, apart)).contains("--model", "--latency").doesNotContain("--db");
    assertThat(help.substring(apart)).contains("--db=", "--zone", "--help");
    assertThat(help.substring(apart)).doesNotContain("--latency");
  }

  /** faults E5: errors speak of options and files, not of Java. */
  @Test
  void errorsHaveNoInternalNames() {
    Ran tokens = run("track", "--model", "m", "--input-tokens", "-1").exits(Exit.USAGE);
    assertThat(tokens.err()).contains("--input-tokens must").doesNotContain("inputTokens");

    Ran file = run("track", "--from", "absent.jsonl").exits(Exit.FAILED);
    assertThat(file.err()).contains("there is no file").doesNotContain("java.", "Exception");
  }
}

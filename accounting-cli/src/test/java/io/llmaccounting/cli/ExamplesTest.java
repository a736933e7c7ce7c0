package io.llmaccounting.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.EveryCommand;
import io.llmaccounting.cli.testing.Ran;
import io.llmaccounting.cli.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What help shows can be typed. */
@DisplayName("faults E3: every example in help works")
class ExamplesTest extends CommandContract {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
  private static final Pattern CAPTURED = Pattern.compile("[A-Z]+=\\$\\((.*)\\)");

  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }

  private static Stream<CommandLine> all(CommandLine command) {
    return Stream.concat(
        Stream.of(command), command.getSubcommands().values().stream().flatMap(ExamplesTest::all));
  }

  static Stream<String> examples() {
    return all(Reference.model())
        .flatMap(command -> HelpPages.examples(command.getCommandSpec()).stream())
        .distinct();
  }

  private void prepare() throws IOException {
    environment.put("LLM_ACCOUNTING_DB", folder.resolve("usage.db").toString());
    for (String group : new String[] {"users", "projects"}) {
      done(group, "add", "apollo");
    }
    done("users", "add", "alice");
    done("projects", "add", "search");
    done("limits", "set", "alice-daily", "--max", "5", "--metric", "requests", "--lifetime");
    Files.createDirectory(folder.resolve("spool"));
    EveryCommand.writeFiles(folder);
    done("export", "all.jsonl");
    write("head.json", done("audit", "head").out());
  }

  private List<String> words(String example) {
    Matcher captured = CAPTURED.matcher(example);
    List<String> words = new ArrayList<>();
    WORD.matcher(captured.matches() ? captured.group(1) : example)
        .results()
        .forEach(word -> words.add(word.group(1) == null ? word.group(2) : word.group(1)));
    if (words.remove("$HOLD")) {
      words.add(2, done("-q", "reserve", "--model", "gpt-5-mini").out().strip());
    }
    return words;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void works(String example) throws IOException {
    prepare();
    List<String> words = words(example);
    String tool = words.remove(0);
    boolean placed = words.contains("--db");
    if (placed) {
      words.set(words.indexOf("--db") + 1, folder.resolve("usage.db").toString());
    }

    Ran ran = bare(InputStream.nullInputStream(), words.toArray(String[]::new));

    assertThat(tool).isEqualTo(Root.NAME);
    ran.exits(Exit.DONE);
  }
}

package io.llmaccounting.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.EveryCommand;
import io.llmaccounting.cli.testing.Ran;
import io.llmaccounting.cli.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What is said of nonsense can be understood by somebody who has never seen the code. */
@DisplayName("faults E5: no error has an internal name")
class ErrorsTest extends CommandContract {
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|'[^']*'");
  private static final Pattern INTERNAL =
      Pattern.compile(
          "\\bjava[x]?\\.|\\bio\\.llmaccounting|\\bpicocli|\\w+Exception\\b|\\bfor input string"
              + "|\\b[a-z]+[a-z0-9]*[A-Z]\\w*|\\b(?!LLM_|NO_)[A-Z]{3,}_[A-Z]+|\\bPT\\d|\\bnull\\b"
              + "|should not have|\\b(?:int|long|Integer|Long|BigDecimal|UUID)\\b(?! of)");
  private static final List<String> ANY = List.of("-1", "?", "99999999999999999999");

  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }

  private static void assertPlain(List<String> typed, Ran ran) {
    assertThat(QUOTED.matcher(ran.err()).replaceAll("\"\"").replaceAll("--\\S+", ""))
        .as("of %s", typed)
        .doesNotContainPattern(INTERNAL);
    assertThat(ran.exit()).isBetween(Exit.DONE, Exit.DENIED);
  }

  private static Map<String, List<String>> working() {
    Map<String, List<String>> words = new LinkedHashMap<>();
    EveryCommand.STEPS.forEach(step -> words.putIfAbsent(step.command(), step.words()));
    words.put("reserve", List.of("reserve", "--model", "m"));
    words.put("settle", List.of("settle", "01a22251-a32a-7e18-be79-bdc656d4dc2d"));
    words.put("release", List.of("release", "01a22251-a32a-7e18-be79-bdc656d4dc2d"));
    words.remove("completion");
    return words;
  }

  private static List<OptionSpec> valued(String command) {
    CommandLine line = Reference.model();
    for (String word : command.split(" ")) {
      line = line.getSubcommands().get(word);
    }
    return line.getCommandSpec().options().stream()
        .filter(option -> !option.inherited() && option.arity().max() > 0)
        .toList();
  }

  private static List<String> with(List<String> words, OptionSpec option, String value) {
    List<String> typed = new ArrayList<>(words);
    String name =
        Stream.of(option.names()).filter(typed::contains).findFirst().orElse(option.longestName());
    if (typed.contains(name)) {
      typed.set(typed.indexOf(name) + 1, value);
    } else {
      typed.add(name + "=" + value);
    }
    return typed;
  }

  @Test
  void nonsenseForAnyOptionIsRefusedInPlainWords() throws IOException {
    EveryCommand.writeFiles(folder);
    done("migrate");
    Set<String> seen = new HashSet<>();
    working()
        .forEach(
            (command, words) -> {
              for (OptionSpec option : valued(command)) {
                // options that many commands share are the same field in all of them
                if (seen.add(String.valueOf(option))) {
                  for (String value : ANY) {
                    List<String> typed = with(words, option, value);
                    assertPlain(typed, run(typed.toArray(String[]::new)));
                  }
                }
              }
            });
  }

  @Test
  void aDatabaseThatIsNotThereIsToldInPlainWords() throws IOException {
    EveryCommand.writeFiles(folder);
    working()
        .forEach(
            (command, words) -> {
              List<String> typed = new ArrayList<>(words);
              typed.addAll(List.of("--db", folder.resolve("no/such/folder/usage.db").toString()));
              assertPlain(typed, bare(InputStream.nullInputStream(), typed.toArray(String[]::new)));
            });
  }

  @ParameterizedTest
  @CsvSource({
    "track --model m --input-tokens -1, --input-tokens must",
    "track --model m --input-tokens 5 --cache included --cache-read-tokens 9, must include cached",
    "track --model m --input-tokens five, --input-tokens",
    "track --from absent.jsonl, there is no file",
    "track --model m --cost -5, was -$5.00",
    "track --model m --cost 1e9999, cost must have",
    "migrate --dry-run --db a/b/c.db, Check",
    "reserve --model m --ttl 8d, '--ttl must be from 1s to 7d, was 8d'",
    "prices check absent.json, Check"
  })
  void speaksOfOptionsAndFiles(String typed, String part) {
    List<String> words = List.of(typed.split(" "));

    done("projects", "add", "a");

    Ran ran = run(typed.split(" "));

    assertPlain(words, ran);
    assertThat(ran.err() + "Check").contains(part);
  }
}

package io.llmaccounting.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.Ran;
import io.llmaccounting.cli.testing.TestDatabase;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Words that options know, and what is said to those who typed others. */
class MistypedTest extends CommandContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }

  private Ran typed(String... arguments) {
    return bare(InputStream.nullInputStream(), arguments);
  }

  static Stream<Arguments> enumOptions() {
    return ToolTest.commands()
        .flatMap(
            command ->
                command.getCommandSpec().options().stream()
                    .filter(option -> EnumWords.types(option).findAny().isPresent())
                    .map(option -> Arguments.of(command, option)));
  }

  @ParameterizedTest
  @MethodSource("enumOptions")
  void takesExactlyTheWordsThatHelpAndErrorsShow(CommandLine command, OptionSpec option) {
    List<String> words = EnumWords.words(EnumWords.types(option).findFirst().orElseThrow());
    assertThat(option.paramLabel()).isEqualTo(String.join("|", words));

    String name = command.getCommandSpec().qualifiedName();
    List<String> path = Arrays.asList(name.split(" ")).subList(1, name.split(" ").length);
    for (String word : words) {
      Ran ran = typed(with(path, option.longestName(), word, "--help"));
      ran.exits(Exit.DONE);
    }
    typed(with(path, option.longestName(), "nonsense"))
        .exits(Exit.USAGE)
        .says("must be one of " + String.join(", ", words) + ", was \"nonsense\"");
  }

  /** faults E3: what is completed is what is typed. */
  @Test
  void completesTheWordsThatAreTyped() {
    String script = typed("completion").exits(Exit.DONE).out();

    List<Class<?>> types =
        ToolTest.commands()
            .flatMap(command -> command.getCommandSpec().options().stream())
            .flatMap(EnumWords::allTypes)
            .distinct()
            .toList();
    assertThat(types)
        .hasSizeGreaterThan(5)
        .allMatch(type -> script.contains(quoted(EnumWords.words(type))));
    assertThat(script).doesNotContainPattern("_args=\\(.*\"[A-Z_]+\"");
  }

  private static String quoted(List<String> words) {
    return "\"" + String.join("\" \"", words) + "\"";
  }

  private static String[] with(List<String> path, String... more) {
    return Stream.concat(path.stream(), Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  void ranksByTokensOfInputAndOfOutput() {
    done("track", "--model", "m", "--input-tokens", "10", "--output-tokens", "5");

    done("stats", "--by", "model", "--rank", "input-tokens");
    done("stats", "--by", "model", "--rank", "output-tokens");
  }

  @ParameterizedTest
  @ValueSource(strings = {"help limits set", "-h limits set", "--help limits set"})
  void helpMayBeAskedForInFront(String words) {
    assertThat(typed(words.split(" ")).exits(Exit.DONE).out())
        .isEqualTo(typed("limits", "set", "--help").exits(Exit.DONE).out());
  }

  @Test
  void helpAloneIsThatOfTheTool() {
    assertThat(typed("help").exits(Exit.DONE).out())
        .isEqualTo(typed("--help").exits(Exit.DONE).out());
    assertThat(typed("help", "track").exits(Exit.DONE).out()).contains("llm-accounting track ");
  }

  @Test
  void offersWhatIsCloseAndNothingElse() {
    assertThat(typed("trakc").exits(Exit.USAGE).err()).contains("Did you mean 'track'? See");
    assertThat(typed("limit").exits(Exit.USAGE).err()).contains("Did you mean 'limits'? See");
    assertThat(typed("track", "--inputtokens", "5").exits(Exit.USAGE).err())
        .contains("Did you mean '--input-tokens'? See");
    assertThat(typed("conquer").exits(Exit.USAGE).err()).doesNotContain("Did you mean");
  }

  @Test
  @DisplayName("messages have neither nano-dollars nor names of constants")
  void speaksOfDollarsAndWords() {
    typed("track", "--model", "m", "--cost", "2000000").says("no database was named");
    assertThat(run("track", "--model", "m", "--cost", "2000000").exits(Exit.USAGE).err())
        .contains("--cost must be from $0 to $1000000, was $2000000");
    assertThat(run("track", "--model", "m", "--tag", "a").exits(Exit.USAGE).err())
        .contains("Value for option '--tag'");
    assertThat(
            run("limits", "set", "x", "--max", "1.5", "--metric", "requests", "--lifetime")
                .exits(Exit.USAGE)
                .err())
        .contains("must be a whole number for requests");
    assertThat(
            run(
                    "limits",
                    "set",
                    "x",
                    "--max",
                    "1",
                    "--metric",
                    "requests",
                    "--calendar",
                    "1 day",
                    "--starting",
                    "tuesday")
                .exits(Exit.USAGE)
                .err())
        .contains("windows of days");
  }
}

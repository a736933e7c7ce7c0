package io.llmaccounting.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.EveryCommand;
import io.llmaccounting.cli.testing.EveryCommand.Step;
import io.llmaccounting.cli.testing.Ran;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every command in every format: programs rely on the names of what it prints. */
abstract class FormatsContract extends CommandContract {
  private static final String HOLD = "{hold}";

  private static final List<Step> OF_HOLDS =
      List.of(
          new Step("reserve", "--model", "m"),
          new Step("settle", HOLD, "--input-tokens", "3"),
          new Step("release", HOLD));

  /** A script for a shell. */
  private static final String WITHOUT_FORMAT = "completion";

  private static List<Step> steps() {
    return Stream.concat(OF_HOLDS.stream(), EveryCommand.STEPS.stream())
        .filter(step -> !step.command().equals(WITHOUT_FORMAT))
        .toList();
  }

  /** Commands that this database has no use for. */
  protected abstract List<String> missing();

  private void each(String format, BiConsumer<List<String>, Ran> reader) throws IOException {
    EveryCommand.writeFiles(folder);
    done("migrate");
    for (Step step : steps()) {
      if (!missing().contains(step.command())) {
        List<String> words = new ArrayList<>(List.of("--format", format));
        for (String word : step.words()) {
          words.add(word.equals(HOLD) ? newHold() : word);
        }
        boolean ofFile = step.arguments().contains("--from");
        reader.accept(
            FormatsColumns.of(step.command() + (ofFile ? " --from" : "")),
            done(words.toArray(String[]::new)));
      }
    }
  }

  private String newHold() {
    return done("-q", "reserve", "--model", "m").out().strip();
  }

  @Test
  void json() throws IOException {
    each(
        "json",
        (names, ran) -> {
          assertThat(ran.out().isBlank()).isEqualTo(names.isEmpty());
          assertThat(rows(ran))
              .allSatisfy(row -> assertThat(row.keySet()).containsExactlyElementsOf(names));
        });
  }

  private static List<Map<String, Object>> rows(Ran ran) {
    if (ran.out().isEmpty()) {
      return List.of();
    }
    return ran.out().startsWith("[") ? ran.objects() : List.of(ran.object());
  }

  @Test
  void csv() throws IOException {
    each(
        "csv",
        (names, ran) ->
            assertThat(ran.lines().stream().limit(1).toList())
                .isEqualTo(names.isEmpty() ? List.of() : List.of(String.join(",", names))));
  }

  @Test
  void table() throws IOException {
    // where everything adds up, verify has no table to print
    List<String> differences = FormatsColumns.of("verify");
    each(
        "table",
        (names, ran) ->
            assertThat(ran.out().isBlank())
                .isEqualTo(names.isEmpty() || names.equals(differences)));
  }

  @Test
  void noCommandIsLeftOut() {
    TreeSet<String> known = new TreeSet<>(List.of(WITHOUT_FORMAT));
    steps().forEach(step -> known.add(step.command()));

    assertThat(known).isEqualTo(new TreeSet<>(Reference.commands()));
  }
}

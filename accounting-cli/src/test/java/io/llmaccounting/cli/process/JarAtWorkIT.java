package io.llmaccounting.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.Reference;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.EveryCommand.Step;
import io.llmaccounting.cli.testing.Ran;
import io.llmaccounting.cli.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Commands as processes of their own where many work, or for long. */
class JarAtWorkIT extends JarProcesses {
  private static final int CROWD = 24;

  @Test
  void aDozenRunOnPostgres() throws Exception {
    try (TestDatabase database = TestDatabase.postgres(folder)) {
      Jar jar = jar(database);
      List<Step> steps =
          List.of(
              new Step("migrate", "--dry-run"),
              new Step("users add", "alice"),
              new Step("users list"),
              new Step("limits set", "cap", "--max", "5", "--metric", "requests", "--lifetime"),
              new Step("track", "--model", "m", "--cost", "0.5"),
              new Step("check", "--model", "m"),
              new Step("limits status"),
              new Step("stats", "--by", "model"),
              new Step("select", "SELECT count(*) FROM usage_view"),
              new Step("audit verify"),
              new Step("verify"));
      for (Step step : steps) {
        done(jar, database.options(), step.words());
      }
      holdsOutliveTheirProcess(jar, database.options());
      largeRowsNeedLittleMemory(jar, database.options());
    }
  }

  /** faults G1: three times the heap; what is too large at once is refused, never half printed. */
  private void largeRowsNeedLittleMemory(Jar jar, List<String> database) throws Exception {
    String question = "SELECT i, repeat('x', %d) FROM generate_series(1, 200) i";
    List<String> words = new ArrayList<>(database);
    words.addAll(List.of("-q", "select", question.formatted(2_000_000)));

    Ran refused = jar.start(words).end().exits(Exit.FAILED);
    Ran ran = done(jar, database, List.of("-q", "select", question.formatted(1_000)));

    assertThat(refused.err()).contains("too large").contains("cut long columns");
    assertThat(ran.lines()).hasSize(200);
  }

  @Test
  void ofManyParallelReservesTenGetRoom() throws Exception {
    try (TestDatabase database = TestDatabase.sqlite(folder)) {
      Jar jar = jar(database);
      done(
          jar,
          database.options(),
          List.of("limits", "set", "ten", "--max", "10", "--metric", "requests", "--lifetime"));
      List<String> reserve = new ArrayList<>(database.options());
      reserve.addAll(List.of("-q", "reserve", "--model", "m"));
      List<Jar.Started> crowd = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        crowd.add(jar.start(reserve));
      }

      List<Integer> exits = new ArrayList<>();
      for (Jar.Started one : crowd) {
        exits.add(one.end().exit());
      }

      assertThat(exits).filteredOn(exit -> exit == Exit.DONE).hasSize(10);
      assertThat(exits).filteredOn(exit -> exit == Exit.DENIED).hasSize(CROWD - 10);
    }
  }

  /** The page promises that its blocks run, one after the other. */
  @Test
  void whatThePageForOperatorsShowsWorks() throws Exception {
    Path page = Reference.docs().resolve("how-to/use-the-command-line.md");
    StringBuilder script = new StringBuilder("set -eu\nllm-accounting() {\n ");
    Jar.command().forEach(word -> script.append(" '").append(word).append('\''));
    script.append(" \"$@\"\n}\n");
    boolean inside = false;
    for (String line : Files.readAllLines(page)) {
      boolean begins = line.equals("```sh");
      if (inside && !line.equals("```")) {
        script.append(line).append('\n');
      }
      inside = begins || (inside && !line.equals("```"));
    }
    Path file = Files.writeString(folder.resolve("page.sh"), script);

    Ran ran = new Jar(folder, Map.of()).run(List.of("bash", file.toString())).end();

    assertThat(script.toString().lines().filter(line -> line.contains("llm-accounting ")))
        .hasSizeGreaterThan(5);
    ran.exits(Exit.DONE);
  }
}

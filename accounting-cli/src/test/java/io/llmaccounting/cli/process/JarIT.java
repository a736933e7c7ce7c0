package io.llmaccounting.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.Reference;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.EveryCommand;
import io.llmaccounting.cli.testing.EveryCommand.Step;
import io.llmaccounting.cli.testing.Ran;
import io.llmaccounting.cli.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command as a process of its own, as operators run it. */
class JarIT {
  private static final int CROWD = 40;

  @TempDir Path folder;

  private static final List<String> OF_HOLDS = List.of("reserve", "settle", "release");

  private Jar jar(TestDatabase database) {
    return new Jar(folder, database.environment());
  }

  private static Ran done(Jar jar, List<String> database, List<String> words)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(database);
    all.addAll(words);
    Ran ran = jar.start(all).end().exits(Exit.DONE);
    assertThat(ran.err()).as("errors of %s", words).doesNotContain("SLF4J", "Exception", "WARN");
    return ran;
  }

  @Test
  void everyCommandRunsOnSqlite() throws Exception {
    EveryCommand.writeFiles(folder);
    try (TestDatabase database = TestDatabase.sqlite(folder)) {
      for (Step step : EveryCommand.STEPS) {
        done(jar(database), database.options(), step.words());
      }
      holdsOutliveTheirProcess(jar(database), database.options());
      aHostileQuestionEnds(jar(database), database.options());
    }
  }

  @Test
  @DisplayName(
      "faults D3, E6: a question and the first report start without the library for queries")
  void reportsStartWithoutJooq() throws Exception {
    try (TestDatabase database = TestDatabase.sqlite(folder)) {
      Jar jar = jar(database);
      done(jar, database.options(), List.of("track", "--model", "m", "--input-tokens", "1"));
      for (String words : List.of("stats --by model", "limits list", "tail -n 3")) {
        List<String> command = new ArrayList<>(Jar.java("-Xshare:off", "-Xlog:class+load"));
        command.addAll(List.of("-jar", Jar.file().toString()));
        command.addAll(database.options());
        command.addAll(List.of(words.split(" ")));

        String loaded = jar.run(command).end().exits(Exit.DONE).out();

        assertThat(loaded.lines().filter(line -> line.contains(".shaded.jooq.")).count())
            .as("classes of jOOQ that %s loads", words)
            .isLessThan(100);
        assertThat(loaded).contains("io.llmaccounting.cli.Main");
      }
    }
  }

  @Test
  void noCommandIsLeftOut() {
    TreeSet<String> run = new TreeSet<>(OF_HOLDS);
    EveryCommand.STEPS.forEach(step -> run.add(step.command()));

    assertThat(run).isEqualTo(new TreeSet<>(Reference.commands()));
  }

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

  /** faults G1: without a bound on its values this question runs for hours. */
  private void aHostileQuestionEnds(Jar jar, List<String> database) throws Exception {
    String question = "SELECT instr(hex(zeroblob(8000000)), hex(zeroblob(4000000))||'1')";
    List<String> words = new ArrayList<>(database);
    words.addAll(List.of("select", "--timeout", "1s", question));

    Ran ran = jar.start(words).end().exits(Exit.FAILED);

    assertThat(ran.err()).containsPattern("too big|was stopped");
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

  private void holdsOutliveTheirProcess(Jar jar, List<String> database) throws Exception {
    List<String> reserve = List.of("-q", "reserve", "--model", "m");
    String settled = done(jar, database, reserve).out().strip();
    String released = done(jar, database, reserve).out().strip();

    done(jar, database, List.of("settle", settled, "--input-tokens", "3"));
    done(jar, database, List.of("release", released));
  }

  @Test
  void ofFortyParallelReservesTenGetRoom() throws Exception {
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

  @Test
  void theJarHoldsWhatItNeedsAndTheLicencesOfAllOfIt() throws Exception {
    try (JarFile jar = new JarFile(Jar.file().toFile())) {
      assertThat(text(jar, "META-INF/services/java.sql.Driver"))
          .contains("org.sqlite.JDBC", "org.postgresql.Driver");
      assertThat(
              text(
                  jar,
                  "META-INF/services/io.llmaccounting.shaded.flyway.core.extensibility.Plugin"))
          .contains("SQLiteDatabaseType", "PostgreSQLDatabaseType");
      assertThat(text(jar, "META-INF/LICENSE") + text(jar, "META-INF/LICENSE.txt"))
          .contains("PostgreSQL Global Development Group", "QOS.ch", "Apache License");
      assertThat(jar.getEntry("META-INF/licenses/llm-accounting/LICENSE")).isNotNull();
      assertThat(jar.getEntry("META-INF/maven/org.xerial/sqlite-jdbc/LICENSE")).isNotNull();
    }
    Ran version = new Jar(folder, Map.of()).run("--version").exits(Exit.DONE);
    assertThat(version.out()).matches("llm-accounting \\d.*\\R");
  }

  private static String text(JarFile jar, String entry) throws IOException {
    return new String(
        jar.getInputStream(jar.getEntry(entry)).readAllBytes(), StandardCharsets.UTF_8);
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

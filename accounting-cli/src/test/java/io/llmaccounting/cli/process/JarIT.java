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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Every command as a process of its own, as operators run it. */
class JarIT extends JarProcesses {
  private static final List<String> OF_HOLDS = List.of("reserve", "settle", "release");

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

  /** faults G1: without a bound on its values this question runs for hours. */
  private void aHostileQuestionEnds(Jar jar, List<String> database) throws Exception {
    String question = "SELECT instr(hex(zeroblob(8000000)), hex(zeroblob(4000000))||'1')";
    List<String> words = new ArrayList<>(database);
    words.addAll(List.of("select", "--timeout", "1s", question));

    Ran ran = jar.start(words).end().exits(Exit.FAILED);

    assertThat(ran.err()).containsPattern("too big|was stopped");
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
}

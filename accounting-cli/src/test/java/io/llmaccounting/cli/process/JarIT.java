package io.llmaccounting.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.Reference;
import io.llmaccounting.cli.console.Exit;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command as a process of its own, as operators run it. */
class JarIT {
  private static final int CROWD = 40;
  private static final String CALL = "{\"model\":\"m\",\"cost\":\"0.5\"}\n";

  @TempDir Path folder;

  /** Every command once; those that have subcommands by each of them. */
  private static List<Step> everyCommand() {
    return List.of(
        new Step("migrate"),
        new Step("users add", "alice", "--ou", "it"),
        new Step("users change", "alice", "--email", "a@example.org"),
        new Step("users list"),
        new Step("users rename", "alice", "bob"),
        new Step("users deactivate", "bob"),
        new Step("users activate", "bob"),
        new Step("users remove", "bob"),
        new Step("projects add", "search"),
        new Step("projects list"),
        new Step("projects rename", "search", "find"),
        new Step("projects deactivate", "find"),
        new Step("projects activate", "find"),
        new Step("projects remove", "find"),
        new Step("limits set", "cap", "--max", "5", "--metric", "requests", "--calendar", "1 day"),
        new Step("limits unlimited", "free", "--metric", "cost", "--user", "root"),
        new Step("limits list"),
        new Step("limits show", "cap"),
        new Step("track", "--model", "m", "--input-tokens", "10", "--output-tokens", "5"),
        new Step("track", "--from", "calls.jsonl"),
        new Step("check", "--model", "m"),
        new Step("explain", "--model", "m"),
        new Step("limits status"),
        new Step("stats", "--by", "model"),
        new Step("tail", "-n", "3"),
        new Step("select", "SELECT count(*) FROM usage_view"),
        new Step("export", "all.jsonl"),
        new Step("import", "all.jsonl"),
        new Step("backup", "copy.db"),
        new Step("denials"),
        new Step("alerts"),
        new Step("log-event", "deployed"),
        new Step("audit list"),
        new Step("audit verify"),
        new Step("audit head"),
        new Step("purge", "--before", "2020-01-01", "--dry-run"),
        new Step("prices list", "--model", "gpt-5"),
        new Step("prices explain", "--model", "gpt-5-mini", "--input-tokens", "10"),
        new Step("prices check", "prices.json"),
        new Step("reprice", "--dry-run"),
        new Step("purge", "--before", "2020-01-01", "--yes"),
        new Step("rebuild"),
        new Step("verify"),
        new Step("limits delete", "cap"),
        new Step("health", "--spool", "waiting"),
        new Step("spool list", "--spool", "waiting"),
        new Step("spool replay", "--spool", "waiting"),
        new Step("spool dead-letters", "--spool", "waiting"),
        new Step("completion"));
  }

  private static final List<String> OF_HOLDS = List.of("reserve", "settle", "release");

  /** Makes files of its own and refuses a database; it measures for longer than a build has. */
  private static final String MEASURING = "bench";

  private record Step(String command, List<String> arguments) {
    Step(String command, String... arguments) {
      this(command, List.of(arguments));
    }

    List<String> words() {
      List<String> words = new ArrayList<>(List.of(command.split(" ")));
      words.addAll(arguments);
      return words;
    }
  }

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

  private void writeFiles() throws IOException {
    Files.createDirectories(folder.resolve("waiting"));
    Files.writeString(folder.resolve("calls.jsonl"), CALL);
    Files.writeString(
        folder.resolve("prices.json"),
        "{\"format\": 1, \"prices\": [{\"id\": \"a\", \"models\": [\"m\"], \"input\": 1,"
            + " \"output\": 2}]}");
  }

  @Test
  void everyCommandRunsOnSqlite() throws Exception {
    writeFiles();
    try (TestDatabase database = TestDatabase.sqlite(folder)) {
      for (Step step : everyCommand()) {
        done(jar(database), database.options(), step.words());
      }
      holdsOutliveTheirProcess(jar(database), database.options());
      done(jar(database), List.of(), List.of(MEASURING, "--help"));
    }
  }

  @Test
  void noCommandIsLeftOut() {
    TreeSet<String> run = new TreeSet<>(OF_HOLDS);
    run.add(MEASURING);
    everyCommand().forEach(step -> run.add(step.command()));

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
              new Step("verify"));
      for (Step step : steps) {
        done(jar, database.options(), step.words());
      }
      holdsOutliveTheirProcess(jar, database.options());
    }
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
      assertThat(text(jar, "META-INF/services/org.flywaydb.core.extensibility.Plugin"))
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

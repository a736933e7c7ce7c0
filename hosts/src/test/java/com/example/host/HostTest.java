package com.example.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** faults D1: an application starts as before once LLM Accounting is added, and keeps its beans. */
class HostTest {
  private static final Path ALONE = Path.of(System.getProperty("host.alone"));
  private static final Path WITH = Path.of(System.getProperty("host.with"));
  private static final String OWN_TABLE = "CREATE TABLE customers (id BIGINT PRIMARY KEY)";

  private static EmbeddedPostgres server;

  @TempDir Path folder;

  /** What an application has of its own, of the versions that Boot manages. */
  enum Own {
    NOTHING_MORE("flyway|jooq|r2dbc|tomcat-jdbc|tomcat-juli"),
    FLYWAY("jooq|r2dbc|tomcat-jdbc|tomcat-juli"),
    JOOQ("flyway|tomcat-jdbc|tomcat-juli"),
    FLYWAY_AND_JOOQ("tomcat-jdbc|tomcat-juli"),
    ANOTHER_POOL("flyway|jooq|r2dbc|HikariCP");

    private final String without;

    Own(String without) {
      this.without = without;
    }

    boolean has(String jar) {
      return Stream.of(without.split("\\|")).noneMatch(jar::contains);
    }
  }

  @BeforeAll
  static void startServer() throws IOException {
    server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @Test
  void whatComesAlongIsTheseJarsOnly() throws IOException {
    assertThat(entries(WITH).map(entry -> new File(entry).getName().replaceAll("-\\d.*", "")))
        .filteredOn(name -> !name.startsWith("accounting-"))
        .isSubsetOf(
            "jspecify", "slf4j-api", "sqlite-jdbc", "postgresql", "checker-qual", "jackson-core")
        .contains("sqlite-jdbc", "postgresql");
  }

  @ParameterizedTest
  @EnumSource(Own.class)
  void withADatabaseInMemoryIsAsBefore(Own own) throws Exception {
    String url = "jdbc:h2:mem:host";
    if (!own.has("flyway")) {
      url += ";INIT=" + OWN_TABLE.replace("TABLE ", "TABLE IF NOT EXISTS ");
    }

    List<String> before = run(own, classPath(own, false), url, "alone");
    List<String> after = run(own, classPath(own, true), url, Ledgers.class.getName());

    assertThat(told(after, "bean ")).isEqualTo(told(before, "bean ")).isNotEmpty();
    assertThat(told(after, "table ")).isEqualTo(told(before, "table ")).isNotEmpty();
    assertThat(told(after, "afterwards ")).isEqualTo(told(before, "table "));
    assertThat(after).contains("used SQLite", "ended");
  }

  @ParameterizedTest
  @EnumSource(Own.class)
  void withAServerOfItsOwnHasOurTablesInOurSchemaOnly(Own own) throws Exception {
    List<String> before = run(own, classPath(own, false), database(own, "before"), "alone");
    List<String> after =
        run(own, classPath(own, true), database(own, "after"), Ledgers.class.getName());

    assertThat(told(after, "bean ")).isEqualTo(told(before, "bean ")).isNotEmpty();
    assertThat(told(after, "table ")).isEqualTo(told(before, "table ")).isNotEmpty();
    assertThat(told(after, "afterwards "))
        .filteredOn(table -> !table.startsWith("llm_accounting."))
        .isEqualTo(told(before, "table "));
    assertThat(after).contains("used SQLite", "used PostgreSQL", "ended");
  }

  private static String database(Own own, String when) throws Exception {
    String name = (own.name() + "_" + when).toLowerCase(Locale.ROOT);
    run("postgres", "CREATE DATABASE " + name);
    if (!own.has("flyway")) {
      run(name, OWN_TABLE);
    }
    return server.getJdbcUrl("postgres", name);
  }

  private static void run(String database, String sql) throws Exception {
    try (Connection connection = server.getDatabase("postgres", database).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> told(List<String> lines, String word) {
    return lines.stream()
        .filter(line -> line.startsWith(word))
        .map(line -> line.substring(word.length()))
        .toList();
  }

  private static String classPath(Own own, boolean withOurs) throws IOException {
    List<String> entries = new ArrayList<>();
    entries.add(ALONE.resolve("classes").toString());
    entries(ALONE).filter(entry -> own.has(new File(entry).getName())).forEach(entries::add);
    if (withOurs) {
      entries.add(WITH.resolve("classes").toString());
      entries(WITH).filter(entry -> !entries.contains(entry)).forEach(entries::add);
    }
    return String.join(File.pathSeparator, entries);
  }

  private static Stream<String> entries(Path module) throws IOException {
    return Arrays.stream(
        Files.readString(module.resolve("class-path.txt")).strip().split(File.pathSeparator));
  }

  private List<String> run(Own own, String classPath, String url, String user) throws Exception {
    Path output = Files.createTempFile(folder, "host", ".txt");
    Process host =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                Host.class.getName(),
                user,
                Files.createTempDirectory(folder, "ledger").toString(),
                "--spring.datasource.url=" + url)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();

    int result = host.waitFor();
    String printed = Files.readString(output);
    assertThat(result).as("%s ends well; it printed %s", own, printed).isZero();
    return printed.lines().toList();
  }
}
